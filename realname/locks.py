"""Row locks of real-name authentication, taken in this order: account, certificate, application,
scans by key."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import CertificateScan, RealNameApplication


def lock_certificate(digest: str) -> None:
    """Let only one transaction at a time decide about a certificate number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"realname:{digest}"]
        )


def lock_application(application_id: int) -> RealNameApplication:
    """The application, locked to the end of the transaction. Raises NotFound."""
    rows = RealNameApplication.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("account", "submitted_for")
    if (found := rows.filter(pk=application_id).first()) is None:
        raise NotFound
    return found


def lock_files(actor: Actor, api_names: Collection[str]) -> dict[str, CertificateScan]:
    """The actor's unused files of these names, locked, by name; what is missing is left out."""
    rows = CertificateScan.objects.visible_to(actor).filter(
        application=None, api_name__in=set(api_names)
    )
    return {scan.api_name: scan for scan in rows.select_for_update(no_key=True).order_by("pk")}
