"""Reads of invoices, the tickets about them, and what they are made out to (05 §8.4.3)."""

from __future__ import annotations

from django.core.files import File
from django.db.models import Exists, OuterRef, QuerySet

from accounts.queries import information
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.uploads import open_private

from ..choices import InvoiceState
from ..models import Bill, Invoice, InvoiceInfo, InvoiceTicket
from ..models.invoices import LIVE_STATES
from ..permissions import MANAGE_INVOICES, VIEW_INVOICES
from ..refusals import InvoiceNotMade
from . import reach


def list_invoices(actor: Actor) -> QuerySet[Invoice]:
    """The invoices of the actor's account, newest first. Raises NoFinancialInformation."""
    reach.require(actor, VIEW_INVOICES)
    return _invoices(actor)


def _invoices(actor: Actor) -> QuerySet[Invoice]:
    actor.require(VIEW_INVOICES)
    rows = Invoice.objects.visible_to(actor).select_related("bill")
    return rows.order_by("-created_at", "-pk")


def get_invoice(actor: Actor, invoice_id: int) -> Invoice:
    """One invoice with the ones before and after it. Raises NotFound."""
    rows = _invoices(actor).select_related("bill__paid_state", "replaces", "replaced_by")
    if (found := rows.filter(pk=invoice_id).first()) is None:
        raise NotFound
    return found


def open_pdf(actor: Actor, invoice_id: int) -> tuple[File, str]:
    """The PDF of an invoice of the actor's, and its name. Raises InvoiceNotMade, NotFound."""
    invoice = get_invoice(actor, invoice_id)
    if not invoice.is_made:
        raise InvoiceNotMade
    return open_private(invoice.file), invoice.file_name


def info_of(actor: Actor) -> InvoiceInfo:
    """What the invoices are made out to; an unsaved row when nothing was saved yet."""
    reach.require(actor, VIEW_INVOICES)
    found = InvoiceInfo.objects.visible_to(actor).first()
    return found or InvoiceInfo(account_id=actor.account_id)


def tax_id_of(actor: Actor) -> str:
    """The tax ID of registration, which invoices print (05-INV-07)."""
    reach.require(actor, VIEW_INVOICES)
    return information.account_of(actor).tax_id


def list_tickets(actor: Actor) -> QuerySet[InvoiceTicket]:
    """Tickets of the actor's account about invoices, newest first. Raises NoFinancialInformation."""
    reach.require(actor, VIEW_INVOICES)
    return _tickets(actor)


def _tickets(actor: Actor) -> QuerySet[InvoiceTicket]:
    actor.require(VIEW_INVOICES)
    rows = InvoiceTicket.objects.visible_to(actor).select_related("bill", "invoice", "outcome")
    return rows.order_by("-submitted_at", "-pk")


def get_ticket(actor: Actor, ticket_id: int) -> InvoiceTicket:
    """One ticket of the actor's account. Raises NotFound."""
    rows = _tickets(actor).select_related("submitted_by", "bill", "invoice", "outcome")
    if (found := rows.filter(pk=ticket_id).first()) is None:
        raise NotFound
    return found


def open_attachment(actor: Actor, ticket_id: int) -> tuple[File, str]:
    """What was attached to a ticket, and its name. Raises NotFound."""
    ticket = get_ticket(actor, ticket_id)
    return open_private(ticket.attachment.name), ticket.original_name


def returnable(actor: Actor) -> QuerySet[Invoice]:
    """Invoices that the actor may return."""
    reach.require(actor, MANAGE_INVOICES)
    return list_invoices(actor).filter(state=InvoiceState.INVOICED)


def bills_without_invoice(actor: Actor) -> QuerySet[Bill]:
    """Bills with an amount whose invoice is missing, or was entered but not made; newest first."""
    reach.require(actor, MANAGE_INVOICES)
    made = Invoice.objects.filter(bill=OuterRef("pk"), state__in=LIVE_STATES)
    made = made.exclude(state=InvoiceState.PENDING)
    rows = Bill.objects.visible_to(actor).filter(~Exists(made), total__gt=0)
    return rows.order_by("-cycle")
