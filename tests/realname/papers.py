"""Certificates and scans for the tests of real-name authentication."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Account, PartnerTerms, User
from partner_center.actors import Actor
from partner_center.uploads import CERTIFICATE, check_upload, random_name
from realname.choices import EnterpriseCertificate, Identity, PersonalCertificate
from realname.models import CertificateScan, RealNameApplication
from realname.services import applying, files, reviewing
from tests.cast import Cast

PASSPORT = applying.Details(
    identity=Identity.INDIVIDUAL,
    certificate=PersonalCertificate.PASSPORT,
    name="Hana Ocampo",
    number="P1234567A",
)
LICENCE = applying.Details(
    identity=Identity.ENTERPRISE,
    certificate=EnterpriseCertificate.BUSINESS_LICENCE,
    name="Harborline Logistics Inc.",
    number="CS201912345",
    country="PH",
    address="1 Harbour Road, Cebu City",
)
WITH_PERSON = replace(LICENCE, legal_person="Hana Ocampo", legal_number="P1234567A")
OWN = "realname:own"
INDIVIDUAL = "?identity=0&certificate=3"
ENTERPRISE = "?identity=1&certificate=0"


@cache
def _content(extension: str) -> bytes:
    if extension == "pdf":
        return b"%PDF-1.4\n%%EOF\n"
    content = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, {"jpg": "JPEG"}.get(extension, extension))
    return content.getvalue()


def paper(name: str = "scan.png") -> SimpleUploadedFile:
    """A scan as a browser sends it."""
    return SimpleUploadedFile(name, _content(name.rpartition(".")[2]))


def checked(name: str = "scan.png") -> SimpleUploadedFile:
    """A scan as the form field hands it to the service."""
    upload = paper(name)
    upload.original_name = name  # type: ignore[attr-defined]
    upload.name = random_name(check_upload(upload, CERTIFICATE))
    return upload


def papers(count: int) -> list[SimpleUploadedFile]:
    return [checked(f"page-{number}.png") for number in range(1, count + 1)]


def apply(
    actor: Actor, details: applying.Details = PASSPORT, count: int = 2
) -> RealNameApplication:
    """Apply for the actor's own account."""
    return applying.apply(actor, details=details, scans=papers(count))


def authenticate(
    cast: Cast, user: User, details: applying.Details = PASSPORT
) -> RealNameApplication:
    """Apply, and let Olga approve."""
    application = apply(cast.actor(user), details)
    return reviewing.approve(cast.actor(cast.olga), application.pk)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(**changes: Any) -> dict[str, Any]:
    """The individual's form, filled in."""
    given = {"name": "Hana Ocampo", "number": "p123 4567a"}
    return {**given, "scan_1": paper("data page.png"), "scan_2": paper("in hand.jpg"), **changes}


def filled_enterprise(**changes: Any) -> dict[str, Any]:
    """The enterprise's form, filled in."""
    given = {"name": "Harborline Logistics Inc.", "number": "CS201912345", "country": "PH"}
    return {**given, "scan_1": paper("licence.pdf"), **changes}


def allow_upload(partner: Account, platform_id: str = "TIDEMARK") -> PartnerTerms:
    """Let the partner upload certificates."""
    terms, _created = PartnerTerms.objects.update_or_create(
        account=partner, defaults={"may_upload_certificates": True, "platform_id": platform_id}
    )
    return terms


def upload(actor: Actor, count: int = 2) -> list[CertificateScan]:
    """Files for the API."""
    return [files.upload(actor, file=file) for file in papers(count)]


def address(route: str, query: str = "", /, **kwargs: Any) -> str:
    return reverse(route, kwargs=kwargs or None) + query
