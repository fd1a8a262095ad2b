"""Invoices of bills: numbered without gaps, in the order of their bills (05-INV-01).

The number is given in the transaction that issues the bill (:func:`enter`); what the invoice says and
its PDF follow in the background (:func:`make_due`), in steps that may be killed and repeated.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

import audit.services
import outbox.services
from accounts.queries.actors import operator_job
from metering.services import statements
from partner_center import copying, paper
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound
from partner_center.tenancy import TenantQuerySet

from ..choices import InvoiceState
from ..models import Bill, Invoice, InvoiceInfo
from ..permissions import OPERATE_INVOICES
from ..queries import printing
from ..refusals import InvoiceNotMade
from ..rules import invoices as rules

logger = logging.getLogger(__name__)

_TAKE_NUMBERS = """
INSERT INTO billing_invoicenumber AS n (series, last) VALUES (%(series)s, %(count)s)
ON CONFLICT (series) DO UPDATE SET last = n.last + %(count)s RETURNING last
"""

#: Name of the task that makes the PDFs (billing.tasks); called by name, because services know no tasks.
MAKE_TASK = "billing.make_invoices"
TEMPLATE = "billing/invoices/paper.html"


def enter(bill: Bill, moment: datetime, *, replaces: Invoice | None = None) -> Invoice | None:
    """Give a bill with an amount its invoice, inside the transaction that issues it.

    The PDF is made afterwards; who calls this nudges :data:`MAKE_TASK`. None where there is nothing
    to invoice. Takes the last lock of that transaction: the counter of the series, so that a number
    that was not used is not lost.
    """
    if bill.total <= 0:
        return None
    invoice = _invoice(bill, _numbers(bill.cycle, 1)[0], moment)
    invoice.replaces = replaces
    invoice.save(force_insert=True)
    return invoice


def enter_each(bills: Sequence[Bill], moment: datetime) -> None:
    """Give bills of one cycle their invoices, in their order, as :func:`enter` does."""
    if not (wanted := [bill for bill in bills if bill.total > 0]):
        return
    numbers = _numbers(wanted[0].cycle, len(wanted))
    copying.insert(
        Invoice,
        (_invoice(bill, number, moment) for bill, number in zip(wanted, numbers, strict=True)),
    )


def make_due(moment: datetime) -> int:
    """Make every invoice that waits for its PDF; returns how many were made.

    One that fails keeps its cause and waits for the next run; the others go on. Any number of workers
    may do this at once, and any may be killed.
    """
    waiting = Invoice.objects.filter(state=InvoiceState.PENDING).order_by("pk")
    return sum(_try(pk, moment) for pk in list(waiting.values_list("pk", flat=True)))


def make(invoice_id: int, moment: datetime) -> bool:
    """Fix what an invoice says, draw it, and mail it where that is on; whether it was made now.

    What it says and where its PDF lies is fixed first and by itself: whoever repeats a try that was
    killed draws the same invoice to the same place. Raises NoPaper.
    """
    return _fix(invoice_id, moment) and _issue(invoice_id, moment)


@transaction.atomic(durable=True)
def make_again(actor: Actor, invoice_id: int) -> None:
    """Draw the PDF of an invoice once more, with the same content. Raises InvoiceNotMade, NotFound."""
    actor.require(OPERATE_INVOICES)
    if (invoice := _lock(invoice_id).first()) is None:
        raise NotFound
    if not invoice.is_made:
        raise InvoiceNotMade
    _draw(invoice)
    audit.services.record(
        actor, "billing.invoice.drawn_again", invoice, account_id=invoice.account_id
    )


def _try(invoice_id: int, moment: datetime) -> bool:
    try:
        return make(invoice_id, moment)
    except paper.NoPaper:
        raise
    except Exception as error:
        logger.exception("The PDF of invoice %s failed", invoice_id)
        failure = f"{type(error).__name__}: {error}"[:500]
        Invoice.objects.filter(pk=invoice_id, state=InvoiceState.PENDING).update(failure=failure)
        return False


@transaction.atomic(durable=True)
def _fix(invoice_id: int, moment: datetime) -> bool:
    """Take down what the invoice says; whether it waits and nobody else works on it."""
    if (invoice := _lock_pending(invoice_id)) is None:
        return False
    if not invoice.printed:
        invoice.printed = printing.printed_of(invoice, moment)
        invoice.file = rules.file_of(invoice.number, secrets.token_hex(16))
        invoice.save(update_fields=["printed", "file"])
    return True


@transaction.atomic(durable=True)
def _issue(invoice_id: int, moment: datetime) -> bool:
    if (invoice := _lock_pending(invoice_id)) is None:
        return False
    _draw(invoice)
    invoice.state, invoice.invoiced_at, invoice.failure = InvoiceState.INVOICED, moment, ""
    if _mail(invoice):
        invoice.mailed_at = moment
    invoice.save(update_fields=["state", "invoiced_at", "mailed_at", "failure"])
    audit.services.record(
        operator_job("invoices"),
        "billing.invoice.issued",
        invoice,
        after={"number": invoice.number, "amount": str(invoice.amount)},
        account_id=invoice.account_id,
    )
    return True


def _draw(invoice: Invoice) -> None:
    """Put the PDF where it belongs, in place of one that is there."""
    pdf = paper.render_pdf(TEMPLATE, rules.paper_of(invoice.number, invoice.printed))
    if default_storage.exists(invoice.file):
        default_storage.delete(invoice.file)
    stored = default_storage.save(invoice.file, ContentFile(pdf))
    if stored != invoice.file:
        raise OSError(f"{invoice.file} was stored as {stored}")


def _mail(invoice: Invoice) -> bool:
    """Send the invoice to the configured address, where that is on (05-INV-06)."""
    on = InvoiceInfo.objects.filter(account_id=invoice.account_id, by_email=True)
    if (info := on.exclude(email="").first()) is None:
        return False
    outbox.services.queue_email(
        "invoice",
        info.email,
        {"invoice": invoice, "printed": invoice.printed},
        account_id=invoice.account_id,
        attachment=outbox.services.Attachment(invoice.file, invoice.file_name),
        urgent=False,
    )
    return True


def _lock_pending(invoice_id: int) -> Invoice | None:
    rows = _lock(invoice_id, skip_locked=True)
    return rows.filter(state=InvoiceState.PENDING).first()


def _lock(invoice_id: int, *, skip_locked: bool = False) -> TenantQuerySet:
    rows = Invoice.objects.select_related("bill__account", "replaces").filter(pk=invoice_id)
    return rows.select_for_update(of=("self",), skip_locked=skip_locked)


def _invoice(bill: Bill, number: str, moment: datetime) -> Invoice:
    return Invoice(
        account_id=bill.account_id, bill=bill, number=number, amount=bill.total, created_at=moment
    )


def _numbers(cycle: str, count: int) -> list[str]:
    """The next numbers of the series of a cycle, which stays locked until the transaction ends."""
    series = rules.series_of(BillingCycle.parse(cycle))
    last = statements.value(_TAKE_NUMBERS, {"series": series, "count": count})
    return [rules.invoice_number(series, n) for n in range(last - count + 1, last + 1)]
