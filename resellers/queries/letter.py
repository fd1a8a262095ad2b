"""The distributor's commitment letter: its text in force, and who accepted which version."""

from __future__ import annotations

from datetime import datetime

from accounts.models import AgreementDocument, AgreementSignature
from accounts.queries import agreements
from partner_center.refusals import NotFound

#: Document code of the Distributor Commitment Letter for Operation on Customers' Behalf (08 §14.10).
CODE = "distributor-commitment-letter"


def letter_in_force(moment: datetime) -> AgreementDocument:
    """The newest version published by this moment. Raises NotFound."""
    found = agreements.current([CODE], moment)
    if not found:
        raise NotFound
    return found[0]


def acceptance_of(distributor_id: int, document_id: int) -> AgreementSignature | None:
    """Who of the distributor accepted this version of the letter, and when (06-OBH-03, OBH-07)."""
    signed = AgreementSignature.objects.filter(account_id=distributor_id, document_id=document_id)
    return signed.select_related("user", "document").order_by("pk").first()


def has_accepted_any(distributor_id: int) -> bool:
    """Whether the distributor accepted any version of the letter."""
    return AgreementSignature.objects.filter(
        account_id=distributor_id, document__code=CODE
    ).exists()
