"""Invoices of bills: numbered without gaps, in the order of their bills (05-INV-01)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from partner_center.clock import BillingCycle

from ..models import Bill, Invoice, InvoiceNumber
from ..rules import invoices as rules


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
    InvoiceNumber.objects.get_or_create(series=series)
    InvoiceNumber.objects.filter(series=series).update(last=F("last") + 1)
    return rules.invoice_number(series, InvoiceNumber.objects.get(series=series).last)
