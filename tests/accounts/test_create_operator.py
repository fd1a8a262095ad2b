"""``manage.py create_operator``: the first account of a real installation, and further staff."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, User
from audit.models import OperationRecord

from . import steps

pytestmark = pytest.mark.django_db


def _run(**options: str) -> str:
    out = StringIO()
    call_command("create_operator", no_input=True, stdout=out, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATOR_PASSWORD", steps.NEW_PASSWORD)


def test_the_first_run_creates_the_operator_who_enters_the_admin() -> None:
    words = _run(name="skyline", email="ops@skyline.example", country="PH")
    assert "skyline" in words
    user = User.objects.select_related("account").get()
    assert user.account.is_operator and user.is_staff
    client = steps.sign_in(user, steps.NEW_PASSWORD)
    assert client.get("/admin/").status_code == 200
    assert OperationRecord.objects.filter(action="accounts.operator.created").exists()


def test_the_next_run_adds_staff_that_chooses_its_own_password() -> None:
    _run(name="skyline", email="ops@skyline.example", country="PH")
    assert "skyline" in _run(username="o.reyes", email="o.reyes@skyline.example")
    assert Account.objects.count() == 1
    user = User.objects.select_related("account").get(username="o.reyes")
    client = steps.sign_in(user, steps.NEW_PASSWORD)
    assert client.get("/admin/")["Location"] == "/first-password"


@pytest.mark.parametrize(
    ("options", "password", "words"),
    [
        ({"name": "skyline", "country": "PH"}, steps.NEW_PASSWORD, "--email"),
        ({"name": "skyline", "country": "PH", "email": "x"}, steps.NEW_PASSWORD, "valid email"),
        (
            {"name": "A B", "country": "PH", "email": "a@b.example"},
            steps.NEW_PASSWORD,
            "account name",
        ),
        ({"name": "skyline", "country": "PH", "email": "a@b.example"}, "short", "8 characters"),
        ({"name": "skyline", "country": "PH", "email": "a@b.example"}, "", "OPERATOR_PASSWORD"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_created(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], password: str, words: str
) -> None:
    monkeypatch.setenv("OPERATOR_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        _run(**options)
    assert not Account.objects.exists()
