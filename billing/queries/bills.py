"""Reads of bills: the month as it was issued, or as it is estimated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from metering.choices import BillType
from metering.rules.sums import exact_sum
from partner_center.actors import Actor

from ..models import Bill, BillSum, EstimateSum
from ..permissions import VIEW_BILLS

#: What pages print of a sum.
_NAMES = ("customer", "partner", "service_type", "product__resource_type", "region")


@dataclass(frozen=True)
class Month:
    """One cycle of a partner: its bill once it is issued, and its sums. USD, exact."""

    cycle: str
    bill: Bill | None
    sums: list[BillSum] | list[EstimateSum]

    @property
    def is_estimate(self) -> bool:
        """Whether the bill is not issued yet (05-BIL-17)."""
        return self.bill is None

    def settled(self, bill_type: BillType | None = None) -> Decimal:
        """What the lines come to, of one bill type or of all."""
        return exact_sum(
            row.settled for row in self.sums if bill_type is None or row.bill_type == bill_type
        )


def month_of(actor: Actor, cycle: str) -> Month:
    """The actor's own bill of a cycle (YYYY-MM), or the estimate while there is none."""
    actor.require(VIEW_BILLS)
    bill = Bill.objects.visible_to(actor).filter(cycle=cycle).first()
    if bill is not None:
        return Month(cycle, bill, list(BillSum.objects.filter(bill=bill).select_related(*_NAMES)))
    rows = EstimateSum.objects.visible_to(actor).filter(cycle=cycle)
    return Month(cycle, None, list(rows.select_related(*_NAMES)))
