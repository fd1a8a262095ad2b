"""Partner Information > API Files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import OperationRecord
from partner_center import clock
from realname import refusals
from realname.models import CertificateScan
from realname.services import files
from realname.tasks import expire_files
from tests.cast import Cast

from .papers import address, allow_upload, checked, client_of, paper, upload

pytestmark = pytest.mark.django_db
LIST, UPLOAD = "realname:files", "realname:file-upload"


@pytest.fixture
def client(cast: Cast) -> Client:
    """Mara, whose account may upload."""
    allow_upload(cast.tidemark)
    return client_of(cast.mara)


def _stored(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.requirement("api-B.50")
def test_an_uploaded_file_has_a_relative_url_and_waits_seven_days(
    cast: Cast, client: Client
) -> None:
    assert "No files wait" in client.get(address(LIST)).content.decode()
    assert "Upload File" in client.get(address(UPLOAD)).content.decode()
    assert client.post(address(UPLOAD), {"file": paper("passport.png")}).status_code == 302
    file = CertificateScan.objects.get()
    assert file.relative_url.startswith("download/") and file.relative_url.endswith(".png")
    assert "passport" not in file.relative_url
    assert file.expires_at - file.uploaded_at == timedelta(days=7)
    page = client.get(address(LIST)).content.decode()
    assert file.relative_url in page and "passport.png" in page
    own = client.get(address("realname:file", name=file.api_name))
    assert b"".join(own.streaming_content).startswith(b"\x89PNG")
    record = OperationRecord.objects.get(action="realname.file.uploaded")
    assert record.account == cast.tidemark


def test_without_the_operators_grant_there_is_no_such_page(cast: Cast) -> None:
    client = client_of(cast.mara)
    assert address(LIST) not in client.get("/").content.decode()
    assert client.get(address(LIST)).status_code == 404
    assert client.post(address(UPLOAD), {"file": paper()}).status_code == 404
    with pytest.raises(refusals.UploadNotEnabled, match="Ask your ecosystem manager"):
        files.upload(cast.actor(cast.mara), file=checked())
    assert not CertificateScan.objects.exists()
    allow_upload(cast.tidemark)
    assert address(LIST) in client.get("/").content.decode()


@pytest.mark.requirement("api-B.50")
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("scan.png", b"<svg onload=alert(1)>"), "none of these types"),
        (SimpleUploadedFile("scan.exe", b"MZ"), "none of these types"),
        (SimpleUploadedFile("scan.png", b""), "empty"),
    ],
    ids=["no picture", "program", "empty"],
)
def test_what_is_no_scan_is_refused(
    client: Client, file: SimpleUploadedFile, sentence: str
) -> None:
    file.seek(0)
    answer = client.post(address(UPLOAD), {"file": file})
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not CertificateScan.objects.exists()


def test_an_own_file_is_deleted_after_a_question(cast: Cast, client: Client, settings: Any) -> None:
    (file,) = upload(cast.actor(cast.mara), 1)
    url = address("realname:file-delete", name=file.api_name)
    assert file.original_name in client.get(url).content.decode()
    assert CertificateScan.objects.exists() and len(_stored(settings)) == 1
    assert client.post(url).status_code == 302
    assert not CertificateScan.objects.exists() and not _stored(settings)
    assert client.post(url).status_code == 404
    assert OperationRecord.objects.filter(action="realname.file.deleted").count() == 1


@pytest.mark.requirement("02-ORG-04")
def test_files_stay_in_their_account(cast: Cast, client: Client) -> None:
    (file,) = upload(cast.actor(cast.mara), 1)
    allow_upload(cast.northgate, "NORTHGATE")
    nora = client_of(cast.nora)
    assert file.relative_url not in nora.get(address(LIST)).content.decode()
    for name in ("realname:file", "realname:file-delete"):
        assert nora.get(address(name, name=file.api_name)).status_code == 404
    assert nora.post(address("realname:file-delete", name=file.api_name)).status_code == 404
    assert CertificateScan.objects.exists()


def test_a_member_without_the_permission_uploads_nothing(cast: Cast, client: Client) -> None:
    refused = client_of(cast.ivy).post(address(UPLOAD), {"file": paper()})
    assert refused.status_code == 403
    assert "Upload certificates for the API" in refused.content.decode()
    assert not CertificateScan.objects.exists()


def test_only_so_many_files_wait(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_WAITING", 1)
    upload(cast.actor(cast.mara), 1)
    answer = client.post(address(UPLOAD), {"file": paper()})
    assert answer.status_code == 422
    assert "1 files wait to be used already" in answer.content.decode()
    assert CertificateScan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_unused_files_go_after_seven_days_and_a_killed_run_is_finished(
    cast: Cast, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(cast.actor(cast.mara), 3)
    expire_files()
    assert CertificateScan.objects.count() == 3
    later = clock.now() + timedelta(days=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    real, calls = files._remove, []

    def killed_at_the_second(scan: CertificateScan) -> None:
        real(scan)
        calls.append(scan)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as half_way:
        half_way.setattr(files, "_remove", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            expire_files()
    assert CertificateScan.objects.count() == 2 and len(_stored(settings)) == 1
    expire_files()
    assert not CertificateScan.objects.exists() and not _stored(settings)
