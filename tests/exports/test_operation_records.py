"""Operation records in files: those of the own account, and for the operator those of all."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

import audit.services
from accounts.services import creation
from audit.models import OperationRecord
from exports.models import ExportTask
from partner_center import clock
from partner_center.refusals import NotPermitted

from ..cast import PASSWORD, Cast
from .test_files import csv_rows, run

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ADMIN = reverse("admin:audit_operationrecord_changelist")
EXPORT = reverse("admin:audit_operationrecord_export")


@pytest.fixture
def records(cast: Cast) -> None:
    """One of Tidemark, one of Northgate."""
    for user, account in ((cast.mara, cast.tidemark), (cast.nora, cast.northgate)):
        actor = cast.actor(user)
        audit.services.record(actor, "accounts.preferences.changed", account, after={"zone": "x"})


@pytest.fixture
def olga(cast: Cast) -> Client:
    """Signed in as the operator."""
    client = Client()
    client.force_login(cast.olga)
    return client


@pytest.mark.requirement("01-BAS-12", "05-EXP-01", "02-ORG-04")
def test_an_account_exports_its_own_records(cast: Cast, create, records) -> None:
    client = Client()
    client.force_login(cast.mara)
    page = reverse("audit:records")
    assert client.post(page, {"export": "csv"}).status_code == 302
    head, *rows = csv_rows(run(ExportTask.objects.get()))
    assert head == ["Operation", "Object", "Operator", "Source IP Address", "Time (GMT+08:00)"]
    assert ["accounts.preferences.changed", "tidemark-cloud"] in [row[:2] for row in rows]
    assert "northgate" not in str(rows)


def test_the_operator_exports_those_of_all_accounts(
    cast: Cast, create, records, olga: Client
) -> None:
    assert EXPORT in olga.get(ADMIN).content.decode()
    assert "Export History" in olga.get(EXPORT).content.decode()
    assert not ExportTask.objects.exists(), "nothing is made by looking"
    today = clock.business_date(clock.now()).isoformat()
    asked = {"q": "preferences", "at_min": today, "at_max": today, "file_format": "csv"}
    assert olga.post(EXPORT, asked)["Location"] == ADMIN
    head, *rows = csv_rows(run(ExportTask.objects.get()))
    assert head[-3:] == ["Code verified", "Account", "Door"]
    assert sorted(row[5:] for row in rows) == [
        ["No", "northgate", "page"],
        ["No", "tidemark-cloud", "page"],
    ]
    assert OperationRecord.objects.filter(action="exports.task.created").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"at_min": "2026-11-20", "at_max": "2026-11-19"}, "The end is before the beginning."),
        ({"file_format": "pdf"}, "Select a valid choice"),
    ],
)
def test_wrong_input_is_refused(olga: Client, changes: dict[str, str], sentence: str) -> None:
    answer = olga.post(EXPORT, {"file_format": "csv", "q": "kept", **changes})
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert 'value="kept"' in answer.content.decode() and not ExportTask.objects.exists()


def test_nobody_else_exports_them(cast: Cast, create) -> None:
    for user in (cast.mara, cast.hana):
        with pytest.raises(NotPermitted):
            create("all_operation_records", user=user)
        client = Client()
        client.force_login(user)
        assert client.post(EXPORT, {"file_format": "csv"}).status_code == 404


def test_staff_without_the_permission_exports_nothing(cast: Cast) -> None:
    staff = creation.create_user(
        account=cast.operator,
        username="o.staff",
        password=PASSWORD,
        email="staff@operator.example",
        moment=clock.now(),
    )
    client = Client()
    client.force_login(staff)
    assert client.post(EXPORT, {"file_format": "csv"}).status_code == 403
    assert not ExportTask.objects.exists()
