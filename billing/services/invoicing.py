"""Invoices of bills: numbered without gaps, in the order of their bills (05-INV-01)."""

from __future__ import annotations

from datetime import datetime

from metering.services import statements
from partner_center.clock import BillingCycle

from ..models import Bill, Invoice
from ..rules import invoices as rules

_TAKE_NUMBER = """
INSERT INTO billing_invoicenumber AS n (series, last) VALUES (%(series)s, 1)
ON CONFLICT (series) DO UPDATE SET last = n.last + 1 RETURNING last
"""


def enter(bill: Bill, moment: datetime) -> Invoice | None:
    """Give a bill with something to pay its invoice, inside the transaction that issues it.

    The PDF is made afterwards. None where nothing is due. Takes the last lock of that transaction: the
    counter of the series, so that a number that was not used is not lost.
    """
    if bill.total <= 0:
        return None
    return Invoice.objects.create(
        account_id=bill.account_id,
        bill=bill,
        number=_next_number(bill.cycle),
        amount=bill.total,
        created_at=moment,
    )


def _next_number(cycle: str) -> str:
    series = rules.series_of(BillingCycle.parse(cycle))
    return rules.invoice_number(series, statements.value(_TAKE_NUMBER, {"series": series}))
