"""``manage.py verify_audit`` finds what somebody did who owns the database but not the key."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

import audit.services
from audit import sealing, verification
from audit.models import OperationRecord, Seal
from tests.cast import Cast


@pytest.fixture
def trail(cast: Cast) -> list[int]:
    """Six sealed records, the even ones Tidemark's, the odd ones Northgate's."""
    written = [
        audit.services.record(
            cast.actor(cast.nora if n % 2 else cast.mara),
            "x.y.z",
            after={"amount": "10.00", "n": n},
        ).pk
        for n in range(6)
    ]
    sealing.seal_records()
    return written


def tamper(*statements: str) -> None:
    """What the owner of the database can do: no trigger and no constraint stops it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def findings(account_id: int | None = None) -> list[tuple[str, int | None]]:
    return [(f.kind, f.record_id) for f in verification.verify(account_id).findings()]


def test_untouched_trail_is_whole(trail: list[int], cast: Cast) -> None:
    audit.services.record(cast.actor(cast.mara), "not.yet.sealed")
    output = StringIO()
    call_command("verify_audit", stdout=output)
    assert "7 records, all as written" in output.getvalue()
    assert str(sealing.head()) in output.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'somebody else'",
        "before = '{}'",
        "after = jsonb_set(after, '{amount}', '\"10.01\"')",
        "at = at + interval '1 microsecond'",
        "account_id = (SELECT max(id) FROM accounts_account)",
        "code_verified = true",
        "mac = sha256('forged')",
    ],
)
def test_changed_record_is_named(trail: list[int], change: str) -> None:
    tamper(f"UPDATE audit_operationrecord SET {change} WHERE id = {trail[2]}")
    assert findings() == [("changed", trail[2])]
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit", stdout=StringIO())


def test_removed_record_is_named(trail: list[int]) -> None:
    tamper(f"DELETE FROM audit_operationrecord WHERE id = {trail[3]}")
    assert findings() == [("removed", trail[3])]


def test_record_removed_with_its_seal_leaves_a_gap(trail: list[int]) -> None:
    tamper(
        f"DELETE FROM audit_operationrecord WHERE id IN ({trail[2]}, {trail[3]})",
        f"DELETE FROM audit_seal WHERE record_id IN ({trail[2]}, {trail[3]})",
    )
    found = list(verification.verify().findings())
    assert [f.kind for f in found] == ["removed"]
    assert f"after record {trail[1]}, before record {trail[4]}" in found[0].sentence


def test_closing_the_gap_by_renumbering_is_found(trail: list[int]) -> None:
    tamper(
        f"DELETE FROM audit_operationrecord WHERE id = {trail[2]}",
        f"DELETE FROM audit_seal WHERE record_id = {trail[2]}",
        "UPDATE audit_seal SET position = position + 100 WHERE position > 3",
        "UPDATE audit_seal SET position = position - 101 WHERE position > 100",
    )
    assert ("chain", trail[3]) in findings()


def test_cut_off_end_is_found_by_the_kept_head(trail: list[int]) -> None:
    tamper(
        f"DELETE FROM audit_operationrecord WHERE id >= {trail[4]}",
        f"DELETE FROM audit_seal WHERE record_id >= {trail[4]}",
    )
    found = list(verification.verify().findings())
    assert [f.kind for f in found] == ["removed"]
    assert "the last 2 records were removed" in found[0].sentence


def test_emptied_trail_is_found_by_a_head_kept_elsewhere(trail: list[int]) -> None:
    head = sealing.head()
    tamper("DELETE FROM audit_operationrecord", "DELETE FROM audit_seal")
    with pytest.raises(CommandError):
        call_command("verify_audit", head=[str(head)], stdout=StringIO())


def test_record_removed_before_it_was_sealed_is_named(trail: list[int], cast: Cast) -> None:
    written = audit.services.record(cast.actor(cast.mara), "x.y.z")
    tamper(f"DELETE FROM audit_operationrecord WHERE id = {written.pk}")
    assert findings() == [("removed", written.pk)]


COPY = """
INSERT INTO audit_operationrecord SELECT (r).* FROM (
    SELECT jsonb_populate_record(r, '{{"id": 999999, {changes}}}') AS r
    FROM audit_operationrecord r WHERE id = {source}) q
"""
NEW_UID = '"uid": "00000000-0000-4000-8000-000000000000"'


@pytest.mark.parametrize("sealed", [False, True])
def test_record_inserted_by_hand_is_named(trail: list[int], sealed: bool) -> None:
    with connection.cursor() as cursor:  # through the front door: the trigger queues it
        cursor.execute(COPY.format(changes=NEW_UID, source=trail[0]))
    if sealed:
        sealing.seal_records()
    assert [record_id for _kind, record_id in findings()] == [999999]


def test_record_inserted_around_the_triggers_is_named(trail: list[int]) -> None:
    tamper(COPY.format(changes=NEW_UID, source=trail[0]))
    assert findings() == [("inserted", 999999)]


def test_copy_of_a_genuine_record_is_named(trail: list[int]) -> None:
    tamper(
        "ALTER TABLE audit_operationrecord DROP CONSTRAINT audit_operationrecord_uid_key",
        COPY.format(changes='"door": "page"', source=trail[0]),
    )
    assert ("inserted", 999999) in findings()


def test_forged_seal_is_named(trail: list[int]) -> None:
    tamper(f"UPDATE audit_seal SET chain_hash = sha256('x') WHERE record_id = {trail[5]}")
    assert ("chain", trail[5]) in findings()


def test_one_account_can_be_checked_alone(trail: list[int], cast: Cast) -> None:
    tamper(f"UPDATE audit_operationrecord SET ip = '10.0.0.1' WHERE id = {trail[1]}")
    assert findings(cast.tidemark.pk) == []
    assert findings(cast.northgate.pk) == [("changed", trail[1])]
    output = StringIO()
    call_command("verify_audit", account="Tidemark-Cloud", stdout=output)
    assert "3 records" in output.getvalue()
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("verify_audit", account="nobody")


def test_records_stay_valid_when_the_secret_changes(trail: list[int], settings: Settings) -> None:
    old = settings.AUDIT_SECRETS
    settings.AUDIT_SECRETS = ["a new secret", *old]
    assert findings() == []
    settings.AUDIT_SECRETS = ["a new secret"]
    assert len(findings()) == 12
    assert OperationRecord.objects.count() == Seal.objects.count() == 6
