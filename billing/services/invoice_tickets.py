"""Tickets about invoices: one is missing, or one goes back (05-INV-03, INV-04, INV-09)."""

from __future__ import annotations

from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet

import audit.services
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.nudging import nudge_on_commit
from partner_center.refusals import NotFound

from ..choices import InvoiceState, InvoiceTicketKind, TicketState
from ..models import Bill, Invoice, InvoiceTicket
from ..models.invoices import LIVE_STATES, OPEN_STATES
from ..permissions import MANAGE_INVOICES, OPERATE_INVOICES
from ..queries import reach
from ..refusals import (
    InvoiceNotIssued,
    InvoiceThere,
    NothingToInvoice,
    ReasonMissing,
    TicketClosed,
    TicketOpen,
)
from ..rules import invoices as rules
from . import invoice_messages as telling
from . import invoicing

_NEXT = "SELECT nextval(pg_get_serial_sequence('billing_invoiceticket', 'id'))"


@transaction.atomic(durable=True)
def request(actor: Actor, *, bill_id: int, description: str, attachment: File) -> InvoiceTicket:
    """Ask for the missing invoice of a bill, with the expenditure bill (05-INV-03).

    Raises InvoiceThere, NothingToInvoice, TicketOpen, NotFound.
    """
    reach.require(actor, MANAGE_INVOICES)
    bill = _lock_bill(Bill.objects.visible_to(actor), bill_id)
    if bill is None:
        raise NotFound
    _refuse_request(bill)
    return _submit(actor, bill, description=description, attachment=attachment)


@transaction.atomic(durable=True)
def give_back(
    actor: Actor, *, invoice_id: int, description: str, attachment: File
) -> InvoiceTicket:
    """Return an invoice, with a picture or scan of it (05-INV-04). Raises InvoiceNotIssued, NotFound."""
    reach.require(actor, MANAGE_INVOICES)
    rows = Invoice.objects.visible_to(actor).select_related("bill").filter(pk=invoice_id)
    if (invoice := rows.select_for_update(of=("self",)).first()) is None:
        raise NotFound
    if invoice.state != InvoiceState.INVOICED:
        raise InvoiceNotIssued
    invoice.state = InvoiceState.RETURNING
    invoice.save(update_fields=["state"])
    return _submit(actor, invoice.bill, invoice, description=description, attachment=attachment)


@transaction.atomic(durable=True)
def take(actor: Actor, ticket_id: int) -> None:
    """Show the partner that somebody works on it. Raises TicketClosed, NotFound."""
    actor.require(OPERATE_INVOICES)
    ticket = _lock_open(ticket_id)
    ticket.state = TicketState.PROCESSING
    ticket.save(update_fields=["state"])
    _record(actor, ticket, "taken")


@transaction.atomic(durable=True)
def accept(actor: Actor, ticket_id: int) -> InvoiceTicket:
    """Do what the ticket asks: issue the missing invoice, or take one back and issue a new one under
    the next number. Raises TicketClosed, InvoiceThere, NothingToInvoice, NotFound."""
    actor.require(OPERATE_INVOICES)
    moment, ticket = clock.now(), _lock_open(ticket_id)
    nudge_on_commit(invoicing.MAKE_TASK)
    if ticket.kind == InvoiceTicketKind.REQUEST:
        _refuse_request(ticket.bill, ticket)
        ticket.outcome = _live(ticket.bill) or invoicing.enter(ticket.bill, moment)
    else:
        old = Invoice.objects.select_for_update().get(pk=ticket.invoice_id)
        close(old, InvoiceState.RETURNED, ticket.number, moment)
        ticket.outcome = invoicing.enter(ticket.bill, moment, replaces=old)
    _close(actor, ticket, TicketState.COMPLETED, moment)
    return ticket


@transaction.atomic(durable=True)
def reject(actor: Actor, ticket_id: int, *, reason: str) -> InvoiceTicket:
    """Decline, with the reason; an invoice that was on its way back stands again.

    Raises ReasonMissing, TicketClosed, NotFound.
    """
    actor.require(OPERATE_INVOICES)
    if not reason.strip():
        raise ReasonMissing
    ticket = _lock_open(ticket_id)
    ticket.reason = reason.strip()
    returning = Invoice.objects.filter(pk=ticket.invoice_id, state=InvoiceState.RETURNING)
    returning.update(state=InvoiceState.INVOICED)
    _close(actor, ticket, TicketState.REJECTED, clock.now())
    return ticket


@transaction.atomic(durable=True)
def void(actor: Actor, invoice_id: int, *, reason: str, issues_again: bool) -> Invoice | None:
    """Take an invoice back for the operator, and issue a new one where asked (05-INV-09); the new one.

    Raises ReasonMissing, InvoiceNotIssued (also while its return waits), NotFound.
    """
    actor.require(OPERATE_INVOICES)
    if not reason.strip():
        raise ReasonMissing
    found = Invoice.objects.filter(pk=invoice_id)
    if (bill_id := found.values_list("bill_id", flat=True).first()) is None:
        raise NotFound
    _lock_bill(Bill.objects.all(), bill_id)
    old = found.select_related("bill").select_for_update(of=("self",)).get()
    if old.state not in (InvoiceState.PENDING, InvoiceState.INVOICED):
        raise InvoiceNotIssued
    moment = clock.now()
    close(old, InvoiceState.VOID, reason.strip(), moment)
    nudge_on_commit(invoicing.MAKE_TASK)
    new = invoicing.enter(old.bill, moment, replaces=old) if issues_again else None
    after = {"reason": old.close_reason, "replaced_by": new.number if new else ""}
    audit.services.record(
        actor, "billing.invoice.voided", old, after=after, account_id=old.account_id
    )
    telling.tell_voided(actor, old, new)
    return new


def close(invoice: Invoice, state: InvoiceState, reason: str, moment: datetime) -> None:
    """A locked invoice stands no more."""
    invoice.state, invoice.closed_at, invoice.close_reason = state, moment, reason
    invoice.save(update_fields=["state", "closed_at", "close_reason"])


def _refuse_request(bill: Bill, own: InvoiceTicket | None = None) -> None:
    if bill.total <= 0:
        raise NothingToInvoice
    live = _live(bill)
    if live is not None and live.is_made:
        raise InvoiceThere
    opened = InvoiceTicket.objects.filter(bill=bill, state__in=OPEN_STATES)
    if opened.exclude(pk=own.pk if own else None).exists():
        raise TicketOpen


def _live(bill: Bill) -> Invoice | None:
    return Invoice.objects.filter(bill=bill, state__in=LIVE_STATES).first()


def _submit(
    actor: Actor,
    bill: Bill,
    invoice: Invoice | None = None,
    *,
    description: str,
    attachment: File,
) -> InvoiceTicket:
    kind = InvoiceTicketKind.RETURN if invoice else InvoiceTicketKind.REQUEST
    key: int = statements.value(_NEXT)
    ticket = InvoiceTicket.objects.create(
        pk=key,
        account_id=actor.account_id,
        number=rules.ticket_number(key),
        kind=kind,
        bill=bill,
        invoice=invoice,
        description=description,
        attachment=attachment,
        original_name=getattr(attachment, "original_name", ""),
        submitted_by_id=actor.user_id,
        submitted_at=clock.now(),
    )
    _record(actor, ticket, "submitted")
    telling.tell_operator(ticket)
    return ticket


def _lock_bill(rows: QuerySet, bill_id: int) -> Bill | None:
    """A bill, so that nothing else is decided about its invoices; others may still refer to it."""
    found: Bill | None = rows.select_for_update(no_key=True).filter(pk=bill_id).first()
    return found


def _lock_open(ticket_id: int) -> InvoiceTicket:
    """An open ticket with its bill, locked: the bill first, as where tickets are made."""
    found = InvoiceTicket.objects.filter(pk=ticket_id)
    if (bill_id := found.values_list("bill_id", flat=True).first()) is None:
        raise NotFound
    bill = _lock_bill(Bill.objects.all(), bill_id)
    ticket = found.select_for_update().get()
    if bill is None or not ticket.is_open:
        raise TicketClosed
    ticket.bill = bill
    return ticket


def _close(actor: Actor, ticket: InvoiceTicket, state: TicketState, moment: datetime) -> None:
    ticket.state, ticket.closed_at = state, moment
    ticket.save(update_fields=["state", "closed_at", "reason", "outcome"])
    _record(actor, ticket, str(state))
    telling.tell_decided(actor, ticket)


def _record(actor: Actor, ticket: InvoiceTicket, verb: str) -> None:
    after = {"number": ticket.number, "kind": ticket.kind, "bill": ticket.bill.number}
    if ticket.reason:
        after["reason"] = ticket.reason
    audit.services.record(
        actor,
        f"billing.invoice_ticket.{verb}",
        ticket,
        after=after,
        account_id=ticket.account_id,
    )
