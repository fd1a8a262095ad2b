"""Scans of certificates: those that come with a form, and files that wait for the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Protocol

from django.core.files import File
from django.db import transaction

import audit.services
from accounts import locks as account_locks
from accounts.queries import standing
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.uploads import CERTIFICATE

from .. import locks
from ..models import API_FOLDER, CertificateScan, RealNameApplication
from ..permissions import UPLOAD_FILES
from ..refusals import (
    NoSuchScan,
    ScanOfWrongType,
    ScanTooLarge,
    TooManyFiles,
    UploadNotEnabled,
)

#: How many files of one partner may wait at a time.
MOST_WAITING = 200
_EXTENSIONS = frozenset().union(*(kind.name_extensions for kind in CERTIFICATE.kinds))


class Pages(Protocol):
    """Scans that were found good."""

    def attach(self, application: RealNameApplication) -> None:
        """Make them the pages of the application, in their order."""


class Scans(Protocol):
    """Scans of an application, wherever they come from."""

    def __len__(self) -> int: ...

    def check(self, actor: Actor, moment: datetime) -> Pages:
        """The same, found good and held until the transaction ends. Raises what is wrong."""


class Uploaded:
    """Scans that came with a form and passed the upload validator."""

    def __init__(self, files: Sequence[File]) -> None:
        self.files = list(files)

    def __len__(self) -> int:
        return len(self.files)

    def check(self, actor: Actor, moment: datetime) -> Pages:
        """They were checked when they arrived."""
        self.actor, self.moment = actor, moment
        return self

    def attach(self, application: RealNameApplication) -> None:
        """Store them."""
        for position, file in enumerate(self.files, 1):
            CertificateScan.objects.create(
                **_described(self.actor, file, self.moment),
                application=application,
                position=position,
            )


class Named:
    """Files that were uploaded before and are named by their relative URLs (``verified_file_url``)."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = list(urls)

    def __len__(self) -> int:
        return len(self.urls)

    def check(self, actor: Actor, moment: datetime) -> Pages:
        """Raises ScanOfWrongType, NoSuchScan, ScanTooLarge."""
        for url in self.urls:
            if PurePath(url).suffix.removeprefix(".").lower() not in _EXTENSIONS:
                raise ScanOfWrongType(url)
        found = locks.lock_files(actor, [url.removeprefix(API_FOLDER) for url in self.urls])
        self.scans = [self._scan(found, url, moment) for url in self.urls]
        return self

    def _scan(
        self, found: dict[str, CertificateScan], url: str, moment: datetime
    ) -> CertificateScan:
        # Popped: one file cannot be two pages.
        scan = found.pop(url.removeprefix(API_FOLDER), None) if _is_api_url(url) else None
        if scan is None or scan.expires_at <= moment:
            raise NoSuchScan(url)
        if scan.size > CERTIFICATE.most_bytes:
            raise ScanTooLarge(url)
        return scan

    def attach(self, application: RealNameApplication) -> None:
        """They wait no longer."""
        for position, scan in enumerate(self.scans, 1):
            scan.application, scan.position = application, position
            scan.save(update_fields=["application", "position"])


def refuse_without_upload(partner_id: int) -> None:
    """Raise UploadNotEnabled unless the operator lets this partner upload certificates (B.50)."""
    if not standing.terms_of(partner_id).may_upload_certificates:
        raise UploadNotEnabled


@transaction.atomic(durable=True)
def upload(actor: Actor, *, file: File) -> CertificateScan:
    """Keep a checked file for the API, for seven days. Raises UploadNotEnabled, TooManyFiles."""
    actor.require(UPLOAD_FILES)
    refuse_without_upload(actor.account_id)
    account_locks.lock_account(actor.account_id)
    moment = clock.now()
    waiting = CertificateScan.objects.visible_to(actor).waiting(moment)
    if waiting.count() >= MOST_WAITING:
        raise TooManyFiles(MOST_WAITING)
    scan = CertificateScan.objects.create(
        **_described(actor, file, moment), api_name=PurePath(file.name or "").name
    )
    audit.services.record(
        actor,
        "realname.file.uploaded",
        scan,
        after={"name": scan.original_name, "url": scan.relative_url, "size": scan.size},
    )
    return scan


@transaction.atomic(durable=True)
def delete(actor: Actor, name: str) -> None:
    """Delete a file that no application has named. Raises NotFound."""
    actor.require(UPLOAD_FILES)
    if (scan := locks.lock_files(actor, [name]).get(name)) is None:
        raise NotFound
    audit.services.record(actor, "realname.file.deleted", scan, before={"name": scan.original_name})
    _remove(scan)


def expire(moment: datetime) -> int:
    """Delete files that were not named within seven days; how many.

    Killed half-way it is finished by its next run: each file goes before its row.
    """
    rows = CertificateScan.objects.expired(moment).order_by("pk").values_list("pk", flat=True)
    return sum(_expire_one(pk, moment) for pk in list(rows))


@transaction.atomic(durable=True)
def _expire_one(scan_id: int, moment: datetime) -> int:
    rows = CertificateScan.objects.expired(moment).select_for_update(skip_locked=True)
    if (scan := rows.filter(pk=scan_id).first()) is None:
        return 0
    _remove(scan)
    return 1


def _remove(scan: CertificateScan) -> None:
    scan.file.storage.delete(scan.file.name)
    scan.delete()


def _described(actor: Actor, file: File, moment: datetime) -> dict[str, object]:
    return {
        "account_id": actor.account_id,
        "file": file,
        "original_name": getattr(file, "original_name", "") or PurePath(file.name or "").name,
        "size": file.size,
        "uploaded_by_id": actor.user_id,
        "uploaded_at": moment,
    }


def _is_api_url(url: str) -> bool:
    return url.startswith(API_FOLDER)
