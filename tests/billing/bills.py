"""Bills without lines, for tests of what refers to them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounts.models import Account
from billing.models import Bill, BillAccount
from partner_center import clock

_ZERO = ("list_amount", "refunds", "adjustments", "coupons", "tax", "withheld")
_FIVE = ("expenditures", "exact_total", "total", "amount_due", "currency_amount")


def bill(partner: Account, *, number: str, cycle: str = "2026-10", **more: Any) -> Bill:
    """A bill of 5 USD that waits to be paid."""
    found = _bill(partner, number, cycle, more)
    found.save()
    BillAccount.objects.bulk_create([_state(found)])
    return found


def bills(partner: Account, cycles: Iterable[str], **more: Any) -> list[Bill]:
    """One such bill for each cycle."""
    found = Bill.objects.bulk_create(_bill(partner, f"B-{cycle}", cycle, more) for cycle in cycles)
    BillAccount.objects.bulk_create(map(_state, found))
    return found


def _bill(partner: Account, number: str, cycle: str, more: dict[str, Any]) -> Bill:
    values = dict.fromkeys(_ZERO, Decimal(0)) | dict.fromkeys(_FIVE, Decimal(5))
    start = {"lines": 1, "issued_at": clock.now(), "due_at": clock.now()}
    return Bill(account=partner, number=number, cycle=cycle, **values | start | more)


def _state(bill: Bill) -> BillAccount:
    return BillAccount(
        bill=bill,
        account_id=bill.account_id,
        state="unpaid",
        amount_due=bill.amount_due,
        due_at=bill.due_at,
    )
