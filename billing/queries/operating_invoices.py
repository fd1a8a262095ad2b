"""Files of any partner's invoices, tickets and certificates, for the operator's staff."""

from __future__ import annotations

from typing import TypeVar

from django.core.files import File
from django.db import models

from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.uploads import open_private

from ..models import Invoice, InvoiceTicket, WithholdingCertificate
from ..permissions import OPERATE_INVOICES
from ..refusals import InvoiceNotMade

Row = TypeVar("Row", bound=models.Model)


def open_pdf(actor: Actor, invoice_id: int) -> tuple[File, str]:
    """The PDF of an invoice, and its name. Raises InvoiceNotMade, NotFound."""
    invoice = _get(actor, Invoice, invoice_id)
    if not invoice.is_made:
        raise InvoiceNotMade
    return open_private(invoice.file), invoice.file_name


def open_attachment(actor: Actor, ticket_id: int) -> tuple[File, str]:
    """What was attached to a ticket, and its name. Raises NotFound."""
    ticket = _get(actor, InvoiceTicket, ticket_id)
    return open_private(ticket.attachment.name), ticket.original_name


def open_certificate(actor: Actor, certificate_id: int) -> tuple[File, str]:
    """A certificate, and its name. Raises NotFound."""
    certificate = _get(actor, WithholdingCertificate, certificate_id)
    return open_private(certificate.file.name), certificate.original_name


def _get(actor: Actor, model: type[Row], key: int) -> Row:
    actor.require(OPERATE_INVOICES)
    found: Row | None = model._default_manager.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
