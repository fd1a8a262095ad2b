"""Refusals of the customers app: the sentences that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.refusals import Refusal


class NoPartner(Refusal):
    """The account is not a partner and cannot have customers."""

    code = "customers.association.no_partner"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is not a partner.") % {"name": name}, field="partner"
        )


class NoCustomer(Refusal):
    """The account cannot be a customer: it is the operator, a partner, or the partner itself."""

    code = "customers.association.no_customer"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is not a customer account.") % {"name": name},
            field="customer",
        )


class AlreadyAssociated(Refusal):
    """A customer works with one partner at a time."""

    code = "customers.association.exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is already associated with a partner.")
            % {"name": name},
            field="customer",
        )


class ManagerLocked(Refusal):
    """A locked member cannot sign in, and so looks after nobody new."""

    code = "customers.assignment.manager_locked"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s is locked and cannot sign in. Unlock the member on "
                "Organization Management first, or choose somebody else."
            )
            % {"name": name},
            field="manager",
        )


class NoAccountManager(Refusal):
    """Customers are looked after by account managers and account directors of their partner."""

    code = "customers.assignment.no_manager"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s has neither the role Account manager nor "
                "Account director."
            )
            % {"name": name},
            field="manager",
        )


class StillHasCustomers(Refusal):
    """A partner with customers stays a partner."""

    code = "customers.partner_kind.has_customers"

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "Nothing was changed: %d customer is associated with this partner.",
                "Nothing was changed: %d customers are associated with this partner.",
                count,
            )
            % count
        )
