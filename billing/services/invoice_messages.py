"""What partners and the operator are told about invoices, tickets and certificates."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import notifications.services
import outbox.services
from accounts.queries.registration import operator_email
from partner_center.actors import Actor

from ..message_types import INVOICES
from ..models import Invoice, InvoiceTicket, WithholdingCertificate


def tell_decided(actor: Actor, ticket: InvoiceTicket) -> None:
    """The partner reads what became of its ticket."""
    _tell(
        actor,
        ticket.account_id,
        f"invoice_ticket:{ticket.pk}:{ticket.state}",
        template="invoice_ticket_decided",
        context={"ticket": ticket, "outcome": ticket.outcome},
        link=reverse("billing:invoice-tickets"),
    )


def tell_voided(actor: Actor, old: Invoice, new: Invoice | None) -> None:
    """The partner reads that an invoice counts no more, and why."""
    _tell(
        actor,
        old.account_id,
        f"invoice:{old.pk}:void",
        template="invoice_voided",
        context={"invoice": old, "outcome": new},
        link=reverse("billing:invoices"),
    )


def tell_certificate(actor: Actor, certificate: WithholdingCertificate) -> None:
    """The partner reads what became of its withholding-tax certificate."""
    _tell(
        actor,
        certificate.account_id,
        f"certificate:{certificate.pk}:{certificate.state}",
        template="certificate_decided",
        context={"certificate": certificate, "bill": certificate.bill},
        link=reverse("billing:certificates"),
    )


def tell_operator(ticket: InvoiceTicket) -> None:
    """A ticket waits for the operator's staff."""
    outbox.services.queue_email(
        "invoice_ticket",
        operator_email(),
        {"ticket": ticket, "portal_url": settings.PORTAL_URL},
        urgent=False,
    )


def _tell(
    actor: Actor, account_id: int, key: str, *, template: str, context: dict[str, Any], link: str
) -> None:
    notifications.services.notify(
        actor,
        account_id=account_id,
        type=INVOICES.code,
        key=key,
        template=template,
        context=context,
        link=link,
        link_label=_("View"),
    )
