"""Refusals: partner information."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class SameAddress(Refusal):
    """The new e-mail or mobile number is the present one."""

    code = "accounts.address.same"

    def __init__(self, field: str) -> None:
        super().__init__(_("This is already your address. Enter a new one."), field=field)


class EmailTaken(Refusal):
    """Another account registered this e-mail, or another member of the account uses it."""

    code = "accounts.email.taken"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: this email is already in use. Enter another one."),
            field="email",
        )


class AddressLocked(Refusal):
    """The registration address of an approved partner cannot be modified (01-CSP-08, DST-10)."""

    code = "accounts.company.address_locked"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: the registration address cannot be modified after you became "
                "a partner, because it decides taxes and invoices. Ask the operator to correct it."
            )
        )


class AlreadySo(Refusal):
    """The asked state is the present one: somebody was faster, or nothing was changed."""

    code = "accounts.already_so"
    status = 409

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("Nothing was changed: it is already set this way."))
