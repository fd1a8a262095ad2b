"""More rows for the list pages of billing, of Tidemark or of its customer."""

from __future__ import annotations

import uuid

from accounts.models import Account
from billing.models import Bill, Card, Invoice, InvoiceTicket, StatementEntry, TransferTicket
from partner_center import clock
from partner_center.clock import BillingCycle

from ..billing import bills
from ..cast import Cast


def statements(cast: Cast, count: int) -> None:
    _entries(cast.tidemark, count)


def top_ups(cast: Cast, count: int) -> None:
    _entries(cast.harborline, count)


def _entries(account: Account, count: int) -> None:
    StatementEntry.objects.bulk_create(
        StatementEntry(
            account=account,
            number=uuid.uuid4().hex,
            at=clock.now(),
            type="top_up",
            amount=1,
            balance=1,
            remarks="Visa 4242",
        )
        for _ in range(count)
    )


def cards(cast: Cast, count: int) -> None:
    _failed_cards(cast.tidemark, count)


def own_cards(cast: Cast, count: int) -> None:
    _failed_cards(cast.harborline, count)


def _failed_cards(account: Account, count: int) -> None:
    Card.objects.bulk_create(
        Card(
            account=account,
            holder="Mara Reyes",
            expires_month=12,
            expires_year=2040,
            state="failed",
            result="The issuer declined the card.",
            added_at=clock.now(),
        )
        for _ in range(count)
    )


def transfers(cast: Cast, count: int) -> None:
    TransferTicket.objects.bulk_create(
        TransferTicket(
            account=cast.tidemark,
            number=uuid.uuid4().hex,
            topped_up_on=clock.business_date(clock.now()),
            amount=1,
            bank_account="4401-22",
            certificate="x.pdf",
            submitted_by=cast.mara,
            submitted_at=clock.now(),
        )
        for _ in range(count)
    )


def _bills(cast: Cast, count: int) -> list[Bill]:
    """With withheld tax, each of a cycle of its own."""
    first = Bill.objects.count()
    cycles = [str(BillingCycle(2019, 1).plus(first + each)) for each in range(count)]
    return bills.bills(cast.tidemark, cycles, withheld=1)


def withheld(cast: Cast, count: int) -> None:
    _bills(cast, count)


def invoices(cast: Cast, count: int) -> None:
    Invoice.objects.bulk_create(
        Invoice(
            account=cast.tidemark, bill=bill, number=bill.number, amount=5, created_at=clock.now()
        )
        for bill in _bills(cast, count)
    )


def invoice_tickets(cast: Cast, count: int) -> None:
    InvoiceTicket.objects.bulk_create(
        InvoiceTicket(
            account=cast.tidemark,
            number=bill.number,
            kind="request",
            bill=bill,
            submitted_by=cast.mara,
            submitted_at=clock.now(),
        )
        for bill in _bills(cast, count)
    )
