"""Who is authenticated, what partners may do, and what the operator knows of its accounts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accounts.models import Account, AccountStanding, PartnerTerms, User
from accounts.queries import standing as standing_queries
from accounts.queries.actors import actor_for
from accounts.services import standing
from partner_center.actors import Actor
from partner_center.stale import fingerprint_of
from partner_center.uploads import PNG, random_name
from realname.choices import EnterpriseCertificate, Identity, PersonalCertificate
from realname.models import RealNameApplication
from realname.services import applying, reviewing

#: What the partners are granted.
TERMS: dict[str, dict[str, Any]] = {
    "tidemark-cloud": {
        "may_refer": True,
        "may_discount": True,
        "max_discount": 20,
        "may_upload_certificates": True,
        "platform_id": "TIDEMARK",
    },
    "meridian-distribution": {"may_develop": True, "reseller_countries": ["AE", "EG", "SA"]},
}
#: What the operator knows.
STANDING: dict[str, dict[str, Any]] = {
    "harborline-logistics": {"level": "V4"},
    "quarry-analytics": {"level": "V2"},
    "coral-bay-hotels": {"level": "V3"},
    "delta-fisheries": {"level": "V1"},
    "bulan-media": {"level": "V2"},
    "kestrel-pay": {"level": "V5", "followed_by_direct_sales": True},
    "oasis-clinics": {"level": "V2"},
}


def _company(name: str, number: str, country: str) -> applying.Details:
    return applying.Details(
        identity=Identity.ENTERPRISE,
        certificate=EnterpriseCertificate.BUSINESS_LICENCE,
        name=name,
        number=number,
        country=country,
    )


#: Account → what it sent, and the operator's opinion: None waits, empty approves, words reject.
APPLICATIONS: dict[str, tuple[applying.Details, str | None]] = {
    "harborline-logistics": (_company("Harborline Logistics Inc.", "CS201912345", "PH"), ""),
    "kestrel-pay": (_company("Kestrel Pay GmbH", "HRB-184213", "DE"), ""),
    "quarry-analytics": (
        applying.Details(
            identity=Identity.INDIVIDUAL,
            certificate=PersonalCertificate.PASSPORT,
            name="Quinn Abad",
            number="P7710442B",
        ),
        "",
    ),
    "coral-bay-hotels": (_company("Coral Bay Hotels Corp.", "CS201544870", "PH"), None),
    "delta-fisheries": (
        _company("Delta Fisheries", "CS200931177", "PH"),
        "The second page is blurred. Scan the licence again at 300 dpi.",
    ),
}


def seed(operator: Actor) -> None:
    """Grant, note and authenticate whatever is not there yet."""
    accounts = {account.name: account for account in Account.objects.all()}
    for name, values in TERMS.items():
        if name in accounts and not PartnerTerms.objects.filter(account__name=name).exists():
            row = standing_queries.terms_of(accounts[name].pk)
            seen = fingerprint_of(row, standing.TERMS_FIELDS)
            standing.set_terms(operator, accounts[name].pk, values=values, seen=seen)
    for name, values in STANDING.items():
        if name in accounts and not AccountStanding.objects.filter(account__name=name).exists():
            row = standing_queries.standing_of(accounts[name].pk)
            seen = fingerprint_of(row, standing.STANDING_FIELDS)
            standing.set_standing(operator, accounts[name].pk, values=values, seen=seen)
    for name, (details, opinion) in APPLICATIONS.items():
        if name in accounts:
            _seed_application(operator, accounts[name], details, opinion)


def _seed_application(
    operator: Actor, account: Account, details: applying.Details, opinion: str | None
) -> None:
    rows = RealNameApplication.objects.filter(account=account)
    if not rows.exists():
        main = User.objects.select_related("account__terms").get(account=account, is_main=True)
        pages = [_scan(details.name, page) for page in ("front", "back")]
        applying.apply(actor_for(main), details=details, scans=pages)
    waiting = rows.open().first()
    if waiting is None or opinion is None:
        return
    if opinion:
        reviewing.reject(operator, waiting.pk, opinion=opinion)
    else:
        reviewing.approve(operator, waiting.pk)


def _scan(name: str, page: str) -> ContentFile:
    """A picture that says what it stands for."""
    content = BytesIO()
    picture = Image.new("RGB", (640, 400), "#f5f7f6")
    ImageDraw.Draw(picture).text((40, 40), f"{name}\nSpecimen, {page}", fill="#152126")
    picture.save(content, "PNG")
    file = ContentFile(content.getvalue(), name=random_name(PNG))
    file.original_name = f"{page}.png"  # type: ignore[attr-defined]
    return file
