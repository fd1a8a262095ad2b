"""Words and numbers that charges carry on pages, in files and in the API."""

from __future__ import annotations

from datetime import datetime, timedelta

from catalog.choices import BillingMode

from ..choices import BillType

#: How often a mode is billed; others are billed once, with their order.
_RHYTHM = {
    BillingMode.PAY_PER_USE: "hourly billing",
    BillingMode.RESERVED_HOURLY: "hourly billing",
    BillingMode.SAVINGS_PLAN: "hourly billing",
}


def bill_type_words(bill_type: str, mode: str) -> str:
    """``Expenditure - hourly billing`` (04 §8.3.4.2)."""
    words = str(BillType(bill_type).label)
    rhythm = _RHYTHM.get(BillingMode(mode)) if bill_type == BillType.EXPENDITURE else None
    return f"{words} - {rhythm}" if rhythm else words


def trade_number(order_no: str, record_id: int) -> str:
    """The order ID, or the transaction ID of what has no order (05-BFD column 20)."""
    return order_no or str(record_id)


def last_second(ended_at: datetime) -> datetime:
    """The end of a period as paper prints it: 22:59:59 for one that ends at 23:00."""
    return ended_at - timedelta(seconds=1)
