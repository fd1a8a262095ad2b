"""Agreements as people read and accept them: always the newest published version of a document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from partner_center import clock
from partner_center.refusals import NotFound

from ..models import AgreementDocument

USER_AGREEMENT = "user-agreement"
PRIVACY_STATEMENT = "privacy-statement"
CUSTOMER_AGREEMENT = "customer-agreement"
#: Accepted by pressing Register (01-ACC-07) and by enabling the services (01-ACC-09).
AT_REGISTRATION = (USER_AGREEMENT, PRIVACY_STATEMENT)
AT_ENABLING = (CUSTOMER_AGREEMENT, PRIVACY_STATEMENT)


def current(codes: Iterable[str], moment: datetime) -> list[AgreementDocument]:
    """The newest version of each document that was published by ``moment``, ordered by title."""
    newest = (
        AgreementDocument.objects.filter(code__in=list(codes), published_at__lte=moment)
        .order_by("code", "-published_at", "-pk")
        .distinct("code")
    )
    return sorted(newest, key=lambda document: document.title)


def by_code(codes: Iterable[str]) -> dict[str, AgreementDocument]:
    """The newest version of each document, for templates: ``documents.user_agreement``."""
    found = current(codes, clock.now())
    return {document.code.replace("-", "_"): document for document in found}


def public_documents() -> list[AgreementDocument]:
    """The documents that everybody may read."""
    return current((*AT_REGISTRATION, CUSTOMER_AGREEMENT), clock.now())


def read(code: str, version: str = "") -> AgreementDocument:
    """One version of a document, the newest one when none is named. Raises NotFound."""
    found = newest_first(code)
    if version:
        found = found.filter(version=version)
    if (document := found.first()) is None:
        raise NotFound
    return document


def newest_first(code: str) -> QuerySet[AgreementDocument]:
    """The published versions of a document; the first is the present one."""
    found = AgreementDocument.objects.filter(code=code, published_at__lte=clock.now())
    return found.order_by("-published_at", "-pk")


def versions(code: str) -> list[AgreementDocument]:
    """All published versions of a document, newest first."""
    return list(newest_first(code).defer("body"))
