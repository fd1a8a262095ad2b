"""What a record holds, and that its text is the same in Python and in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import audit.services
from audit import content, rules
from audit.choices import TraceName
from audit.models import OperationRecord
from partner_center.actors import Actor, Door
from tests.cast import Cast


def test_record_says_who_did_what_for_whom_and_from_where(cast: Cast) -> None:
    olga = replace(cast.actor(cast.olga), ip="::ffff:203.0.113.7", request_id="r1", door=Door.ADMIN)
    written = audit.services.record(
        olga,
        "accounts.account.kind_set",
        cast.tidemark,
        before={"partner_kind": ""},
        after={"partner_kind": "csp"},
        account_id=cast.tidemark.pk,
    )
    found = OperationRecord.objects.get(pk=written.pk)
    assert found.account == cast.tidemark
    assert (found.actor_account, found.actor_user) == (cast.operator, cast.olga)
    assert (found.ip, found.request_id, found.door) == ("203.0.113.7", "r1", "admin")
    assert (found.target_type, found.target_name) == ("accounts.account", "tidemark-cloud")
    assert (found.before, found.after) == ({"partner_kind": ""}, {"partner_kind": "csp"})
    assert not found.code_verified
    assert found.what == "Account kind set"


def test_secrets_never_reach_the_record(cast: Cast) -> None:
    written = audit.services.record(
        cast.actor(cast.mara),
        "accounts.user.created",
        after={
            "username": "f.cruz",
            "password": "Harbour2026",
            "country_code": "PH",
            "keys": [{"ak": "AK1", "sk": "topsecret"}],
            "new_password_hash": "pbkdf2",
            "code": "123456",
            "verification_code": None,
        },
    )
    assert OperationRecord.objects.get(pk=written.pk).after == {
        "username": "f.cruz",
        "password": "******",
        "country_code": "PH",
        "keys": [{"ak": "AK1", "sk": "******"}],
        "new_password_hash": "******",
        "code": "******",
        "verification_code": None,
    }


def test_values_become_plain_json() -> None:
    moment = datetime(2026, 11, 20, 6, 20, tzinfo=UTC)
    assert rules.plain(
        {"amount": Decimal("10.10"), "at": moment, "share": 0.5, "of": (1, True)}
    ) == {
        "amount": "10.10",
        "at": "2026-11-20T06:20:00+00:00",
        "share": "0.5",
        "of": [1, True],
    }


def test_unknown_trace_name_is_an_error(cast: Cast) -> None:
    with pytest.raises(ValueError, match="deleteEverything"):
        audit.services.record(cast.actor(cast.hana), "x.y.z", trace="deleteEverything")
    assert not OperationRecord.objects.exists()


_text = st.text(max_size=12)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | _text,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(_text, children, max_size=4),
    max_leaves=12,
)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.dictionaries(_text, _json, max_size=4), name=_text)
def test_database_hashes_the_same_text_as_we_do(
    cast: Cast, before: dict[str, object], name: str
) -> None:
    actor = replace(cast.actor(cast.hana), name=name, ip="2001:db8::1")
    written = audit.services.record(
        actor,
        "customers.association.requested",
        cast.harborline,
        before=before,
        trace=TraceName.UNBIND,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {content.DIGEST_SQL} FROM audit_operationrecord r WHERE id = %s", [written.pk]
        )
        assert bytes(cursor.fetchone()[0]) == content.digest_of(written)


def test_a_job_is_recorded_by_its_name(cast: Cast) -> None:
    job = Actor.system("nightly check", cast.tidemark.pk)
    written = audit.services.record(job, "x.y.z")
    assert (written.actor_name, written.actor_user, written.door) == ("nightly check", None, "job")
