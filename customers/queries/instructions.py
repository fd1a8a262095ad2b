"""The Instructions for associating with a partner, and what an account has signed (08 §10.7)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import AgreementDocument, AgreementSignature
from accounts.queries import agreements
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..choices import AssociationModel
from ..models import Association
from ..permissions import MANAGE_PARTNER, VIEW_PARTNER

#: One document under one code, whatever it is called on a page (08 X-20).
INSTRUCTIONS = "association-instructions"
LETTER = "customer-authorization-letter"
#: What stands on the tab Agreements.
SIGNED_WITH_PARTNER = (INSTRUCTIONS, LETTER)


def instructions() -> AgreementDocument:
    """The present version of the Instructions."""
    return agreements.read(INSTRUCTIONS)


def letter() -> AgreementDocument:
    """The present version of the Letter of Authorization."""
    return agreements.read(LETTER)


def has_signed(account_id: int, document: AgreementDocument) -> bool:
    """Whether the account has signed this version."""
    return AgreementSignature.objects.filter(account_id=account_id, document=document).exists()


def unsigned(actor: Actor) -> AgreementDocument | None:
    """The present Instructions, if the actor may sign them and its account has not (INS-01, INS-03).

    They concern customers of the Reseller model. One query.
    """
    if actor.audience != Audience.CUSTOMER or not actor.can(MANAGE_PARTNER):
        return None
    reselling = Association.objects.live().filter(
        customer_id=actor.account_id, model=AssociationModel.RESELLER
    )
    signed = AgreementSignature.objects.filter(account_id=actor.account_id, document=OuterRef("pk"))
    rows = agreements.newest_first(INSTRUCTIONS).filter(Exists(reselling))
    document = rows.annotate(is_signed=Exists(signed)).first()
    return None if document is None or document.is_signed else document


def list_signed(actor: Actor) -> QuerySet[AgreementSignature]:
    """What the actor's account has signed about its partner, newest first (INS-04, INS-05)."""
    actor.require(VIEW_PARTNER)
    rows = AgreementSignature.objects.visible_to(actor).select_related("document")
    return rows.filter(document__code__in=SIGNED_WITH_PARTNER).order_by("-signed_at", "-pk")


def get_signed(actor: Actor, signature_id: int) -> AgreementSignature:
    """One signature with the exact text that was signed. Raises NotFound."""
    if (found := list_signed(actor).filter(pk=signature_id).first()) is None:
        raise NotFound
    return found
