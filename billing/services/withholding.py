"""Certificates of withholding tax, which the operator decides on (06-DIV-01, 08-TAX-08)."""

from __future__ import annotations

from django.core.files import File
from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import CertificateState
from ..models import Bill, WithholdingCertificate
from ..permissions import MANAGE_INVOICES, OPERATE_INVOICES
from ..refusals import CertificateDecided, CertificateThere, NothingWithheld, ReasonMissing
from . import invoice_messages as telling


@transaction.atomic(durable=True)
def upload(actor: Actor, *, bill_id: int, file: File) -> WithholdingCertificate:
    """Hand in the certificate of what was withheld from a bill; again after a rejection.

    Raises NothingWithheld, CertificateThere, NotFound.
    """
    actor.require(MANAGE_INVOICES)
    own = Bill.objects.visible_to(actor).filter(pk=bill_id)
    if (bill := own.select_for_update(no_key=True).first()) is None:
        raise NotFound
    if not bill.withheld:
        raise NothingWithheld
    if bill.certificates.exclude(state=CertificateState.REJECTED).exists():
        raise CertificateThere
    certificate = WithholdingCertificate.objects.create(
        account_id=bill.account_id,
        bill=bill,
        file=file,
        original_name=getattr(file, "original_name", ""),
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
    )
    _record(actor, certificate, "uploaded")
    return certificate


@transaction.atomic(durable=True)
def accept(actor: Actor, certificate_id: int) -> WithholdingCertificate:
    """The certificate is valid: with the net payment its bill is settled. Raises CertificateDecided."""
    actor.require(OPERATE_INVOICES)
    return _decide(actor, certificate_id, CertificateState.ACCEPTED)


@transaction.atomic(durable=True)
def reject(actor: Actor, certificate_id: int, *, reason: str) -> WithholdingCertificate:
    """The certificate is not valid; the partner reads why. Raises ReasonMissing, CertificateDecided."""
    actor.require(OPERATE_INVOICES)
    if not reason.strip():
        raise ReasonMissing
    return _decide(actor, certificate_id, CertificateState.REJECTED, reason.strip())


def _decide(
    actor: Actor, certificate_id: int, state: CertificateState, reason: str = ""
) -> WithholdingCertificate:
    rows = WithholdingCertificate.objects.select_related("bill").filter(pk=certificate_id)
    if (certificate := rows.select_for_update(of=("self",)).first()) is None:
        raise NotFound
    if certificate.state != CertificateState.UPLOADED:
        raise CertificateDecided
    certificate.state, certificate.reason = state, reason
    certificate.decided_at = clock.now()
    certificate.save(update_fields=["state", "reason", "decided_at"])
    _record(actor, certificate, str(state))
    telling.tell_certificate(actor, certificate)
    return certificate


def _record(actor: Actor, certificate: WithholdingCertificate, verb: str) -> None:
    after = {"bill": certificate.bill.number, "withheld": str(certificate.bill.withheld)}
    if certificate.reason:
        after["reason"] = certificate.reason
    audit.services.record(
        actor,
        f"billing.certificate.{verb}",
        certificate,
        after=after,
        account_id=certificate.account_id,
    )
