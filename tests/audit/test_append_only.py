"""The database itself refuses to change books."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

import audit.services
from accounts.models import AccountCurrency, AgreementSignature
from audit import sealing
from audit.models import OperationRecord, Seal
from partner_center import clock
from partner_center.critical import critical_operation
from tests.cast import Cast

BOOKS = [OperationRecord, Seal, AccountCurrency, AgreementSignature]


@pytest.fixture
def books(cast: Cast) -> None:
    """One row in the books that are easy to write."""
    audit.services.record(cast.actor(cast.mara), "x.y.z")
    sealing.seal_records()
    AccountCurrency.objects.create(
        account=cast.tidemark, currency="USD", from_cycle="2026-11", set_at=clock.now()
    )


@transaction.atomic
def _as_owner_of_a_real_installation(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL partner_center.allow_truncate = 'off'")
        cursor.execute(statement)


@pytest.mark.requirement("08-CTS-10", "01-BAS-10")
@pytest.mark.parametrize("table", [m._meta.db_table for m in BOOKS])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET account_id = account_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
@pytest.mark.usefixtures("books")
def test_books_refuse_change(table: str, statement: str) -> None:
    counts = [model.objects.count() for model in BOOKS]
    with pytest.raises(IntegrityError, match=f"{table} is append-only"):
        _as_owner_of_a_real_installation(statement.format(table))
    assert [model.objects.count() for model in BOOKS] == counts


def test_code_verified_is_true_only_when_a_code_was_used(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Store:
        @staticmethod
        def check(actor: object, operation: str) -> int:
            return 1

        @staticmethod
        def use_up(code_id: int) -> None:
            """Every code is good."""

    monkeypatch.setattr("partner_center.critical._store", Store)
    write = critical_operation("audit.test", "Test", always=True)(
        lambda actor: audit.services.record(actor, "x.y.z")
    )
    mara = cast.actor(cast.mara).with_code("123456")
    assert write(mara).code_verified
    assert not audit.services.record(mara, "x.y.z").code_verified
