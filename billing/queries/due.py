"""What a partner owes: the Amount Due panel, the home page and the dialog Unpaid Bills (05-BQY-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, OuterRef, Subquery

from partner_center.actors import Actor

from ..models import Bill, BillAccount
from ..permissions import VIEW_BILLS
from ..rules import due as rules
from ..rules.due import AmountDue
from . import reach


@dataclass(frozen=True)
class UnpaidBill:
    """One bill that is not paid in full. USD."""

    account: BillAccount
    state: str
    is_late: bool


def amount_due(actor: Actor, moment: datetime) -> AmountDue:
    """The unpaid fees of the latest issued bill and of those before it, in one query."""
    return rules.add_up(((row, row.bill.cycle == newest) for row, newest in _open(actor)), moment)


def unpaid_bills(actor: Actor, moment: datetime) -> list[UnpaidBill]:
    """Bills that are to be paid, the oldest first."""
    return [
        UnpaidBill(
            row, str(rules.state_at(row.state, row, moment).label), rules.is_late(row, moment)
        )
        for row, _newest in _open(actor)
    ]


def _open(actor: Actor) -> list[tuple[BillAccount, str]]:
    """Unpaid bills, each with the latest cycle that a bill was issued for."""
    reach.require(actor, VIEW_BILLS)
    newest = Bill.objects.filter(account=OuterRef("account")).values("account")
    rows = BillAccount.objects.visible_to(actor).filter(amount_due__gt=F("paid"))
    rows = rows.annotate(newest=Subquery(newest.annotate(newest=Max("cycle")).values("newest")))
    rows = rows.select_related("bill").order_by("bill__cycle", "pk")
    return [(row, row.newest) for row in rows]
