"""Change Logo (01-BAS-01, limits of 01-HCPN-04)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Account, User
from audit.models import OperationRecord

from ..cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _picture(width: int, height: int, name: str = "logo.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def _upload(client: Client, picture: SimpleUploadedFile) -> Any:
    return client.post(reverse("information:logo-change"), {"logo": picture})


@pytest.mark.requirement("01-BAS-01", "01-HCPN-04")
@pytest.mark.parametrize("size", [(90, 90), (230, 90)])
def test_a_logo_is_taken_shown_and_recorded(cast: Cast, size: tuple[int, int]) -> None:
    client = _client(cast.mara)
    assert client.get(reverse("information:logo")).status_code == 404
    assert _upload(client, _picture(*size)).status_code == 302
    shown = client.get(reverse("information:logo"))
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert (
        reverse("information:logo") in client.get(reverse("information:company")).content.decode()
    )
    assert OperationRecord.objects.filter(action="accounts.logo.changed").count() == 1
    assert "logo.png" not in Account.objects.get(pk=cast.tidemark.pk).logo.name


@pytest.mark.requirement("01-HCPN-04")
@pytest.mark.parametrize(
    "picture",
    [
        _picture(231, 90),
        _picture(90, 91),
        _picture(90, 90, "lo%go.png"),
        SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", "image/png"),
    ],
    ids=["too wide", "too high", "forbidden character", "no picture"],
)
def test_a_file_beyond_the_limits_is_refused(cast: Cast, picture: SimpleUploadedFile) -> None:
    answer = _upload(_client(cast.mara), picture)
    assert answer.status_code == 422
    assert not Account.objects.get(pk=cast.tidemark.pk).logo


def test_a_logo_needs_the_permission_and_stays_in_the_account(cast: Cast) -> None:
    assert _upload(_client(cast.felix), _picture(90, 90)).status_code == 403
    assert not Account.objects.get(pk=cast.tidemark.pk).logo
    _upload(_client(cast.mara), _picture(90, 90))
    assert _client(cast.nora).get(reverse("information:logo")).status_code == 404
