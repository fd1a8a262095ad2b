"""Files that a partner has uploaded for the API."""

from __future__ import annotations

from django.db.models import QuerySet

from partner_center.actors import Actor
from partner_center.clock import now
from partner_center.refusals import NotFound

from ..models import CertificateScan
from ..permissions import UPLOAD_FILES


def list_files(actor: Actor) -> QuerySet[CertificateScan]:
    """The partner's files that wait to be named in an application."""
    actor.require(UPLOAD_FILES)
    return CertificateScan.objects.visible_to(actor).waiting(now()).order_by("-id")


def get_file(actor: Actor, name: str) -> CertificateScan:
    """One of them. Raises NotFound."""
    if (found := list_files(actor).filter(api_name=name).first()) is None:
        raise NotFound
    return found
