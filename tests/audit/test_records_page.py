"""Operation Records: a tenant reads everything that was done in its account, for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

import audit.services
from audit import queries
from audit.models import OperationRecord
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from tests.cast import Cast


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.mara)
    return client


@pytest.mark.requirement("01-BAS-12")
def test_page_lists_who_when_and_what(cast: Cast, client: Client) -> None:
    mara = replace(cast.actor(cast.mara), ip="203.0.113.7")
    audit.services.record(
        mara, "accounts.preferences.changed", cast.tidemark, before={"language": "en"}
    )
    page = client.get(reverse("audit:records")).content.decode()
    for words in ("Preferences changed", "tidemark-cloud", "203.0.113.7"):
        assert words in page


@pytest.mark.requirement("01-BAS-12")
def test_record_shows_before_and_after(cast: Cast, client: Client) -> None:
    written = audit.services.record(
        cast.actor(cast.olga),
        "accounts.account.kind_set",
        cast.tidemark,
        before={"partner_kind": "csp"},
        after={"partner_kind": "distributor", "roles": ["Admin", "Auditor"], "locked": False},
        account_id=cast.tidemark.pk,
    )
    page = client.get(written.get_absolute_url()).content.decode()
    for words in (
        "Partner kind",
        "csp",
        "distributor",
        "operator",
        "Admin, Auditor",
        "<td>No</td>",
    ):
        assert words in page


@pytest.mark.requirement("01-BAS-12")
def test_information_pages_ask_for_their_own_part(cast: Cast) -> None:
    mara = cast.actor(cast.mara)
    for action in (
        "accounts.preferences.changed",
        "accounts.currency.set",
        "accounts.user.created",
    ):
        audit.services.record(mara, action)
    found = queries.list_records(mara, actions=("accounts.preferences.", "accounts.currency."))
    assert [r.action for r in found] == ["accounts.currency.set", "accounts.preferences.changed"]
    assert not queries.list_records(mara, since=clock.now() + timedelta(seconds=1)).exists()
    assert queries.list_records(mara, until=clock.now() + timedelta(seconds=1)).count() == 3


@pytest.mark.requirement("08-CTS-10")
def test_records_do_not_expire(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = clock.now() - timedelta(days=4000)
    with monkeypatch.context() as past:
        past.setattr(clock, "now", lambda: long_ago)
        audit.services.record(cast.actor(cast.mara), "accounts.role.created")
    assert "Role created" in client.get(reverse("audit:records")).content.decode()


def test_other_tenants_records_are_missing(cast: Cast, client: Client) -> None:
    theirs = audit.services.record(cast.actor(cast.nora), "accounts.role.created")
    assert "Role created" not in client.get(reverse("audit:records")).content.decode()
    assert client.get(theirs.get_absolute_url()).status_code == 404
    with pytest.raises(NotFound):
        queries.get_record(cast.actor(cast.mara), str(theirs.uid))
    with pytest.raises(NotPermitted):
        queries.list_records(cast.actor(cast.ivy))
    assert OperationRecord.objects.count() == 1
