"""The base of price inquiries: they read only, and count the discounts of the caller."""

from __future__ import annotations

from dataclasses import dataclass

from customers.queries.discounts import in_effect_for
from partner_center import clock

from ..views import Operation

#: Amount type of the API: a rate that the partner set.
PARTNER_RATE = 607
DISCOUNT_NAME = "Partner discount"


@dataclass(frozen=True)
class Grant:
    """The discount that the caller's partner granted, if there is one."""

    id: str = ""
    percent: int = 0


class Inquiry(Operation):
    """An operation that prices something."""

    reads_only = True
    error_codes = {
        "catalog.no_such_product": "CBC.99006006",
        "catalog.no_price": "CBC.99006006",
        "catalog.not_sold": "CBC.99006006",
        "catalog.term_not_sold": "CBC.99006006",
        "catalog.no_such_service": "CBC.99006024",
        "catalog.no_such_resource_type": "CBC.99006016",
        "catalog.no_such_region": "CBC.99006017",
        "catalog.no_such_zone": "CBC.99006066",
        "catalog.wrong_unit": "CBC.99006050",
        "catalog.no_such_usage_factor": "CBC.99006074",
        "catalog.size_needed": "CBC.0100",
        "catalog.size_out_of_range": "CBC.0100",
        "catalog.quantity_out_of_range": "CBC.0100",
    }

    def grant(self) -> Grant:
        """What a Referral customer was granted; partners see list prices."""
        if self.actor.partner_kind:
            return Grant()
        found = in_effect_for(self.actor.account_id, clock.business_date(clock.now()))
        return Grant(str(found.pk), found.percent) if found else Grant()
