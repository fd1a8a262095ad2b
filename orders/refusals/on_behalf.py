"""Refusals of work on customers' behalf (04 §8.3.1.11, 07-RAUT)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class NotAuthorized(Refusal):
    """The customer, or the distributor of the reseller, has not authorized the partner (04-OBO-01)."""

    code = "orders.on_behalf.not_authorized"

    def __init__(self, customer: str) -> None:
        super().__init__(
            _(
                "You cannot act on behalf of %(customer)s: the customer has not authorized you, or the "
                "authorization has ended. Request it first."
            )
            % {"customer": customer}
        )


class DistributorGrantMissing(Refusal):
    """A reseller needs its distributor's permission first (08-AUT-01, 07-RAUT-01)."""

    code = "orders.on_behalf.no_grant"

    def __init__(self) -> None:
        super().__init__(
            _(
                "You cannot act on behalf of customers: your distributor must permit it first. Contact "
                "your distributor."
            )
        )
