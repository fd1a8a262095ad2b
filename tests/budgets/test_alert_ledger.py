"""The ledger: what was told, to whom, how far it got; reminders at the month's turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from budgets.choices import AlertKind, HoldOwner
from budgets.models import BudgetAlert, FreezeState
from budgets.services import alerting, checking, turning
from notifications.models import Message, Notice, NoticeDelivery
from notifications.services import settings as recipients
from outbox.models import Delivery
from partner_center import exporting

from .conftest import World, release_all
from .spending import budget, check, spend

#: The first of December, 2026, 00:00:00 in GMT+08:00.
FIRST = datetime(2026, 11, 30, 16, tzinfo=UTC)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def told(world: World, goods) -> World:
    """Tidemark's customer is at 90%, Lagoon's at 100%; both partners were told, Paolo as well."""
    for association in (world.tidemarks, world.lagoons):
        release_all(world, association)
    mara = world.cast.actor(world.cast.mara)
    paolo = recipients.create_recipient(
        mara, name="Paolo", email="paolo@tidemark.example", phone="+639175552292"
    )
    recipients.set_recipients(mara, code="partner_budget", recipient_ids=[paolo.pk])
    budget(world, world.cast.mara, world.tidemarks, "100")
    budget(world, world.cast.dina, world.lagoons, "100", action="restrict")
    spend(goods, world.tidemarks, "90")
    spend(goods, world.lagoons, "100")
    check()
    alerting.tell_pending()
    return world


def alert_of(association) -> BudgetAlert:
    return BudgetAlert.objects.get(association=association)


@pytest.mark.requirement("04-RCP-03", "04-RCP-05")
def test_the_ledger_says_who_got_what_what_failed_and_who_read(told: World) -> None:
    cast, alert = told.cast, alert_of(told.tidemarks)
    sent = NoticeDelivery.objects.get(notice__key=alert.key, name="Paolo")
    Delivery.objects.filter(pk=sent.delivery_id).update(state="failed", last_error="Mailbox full")
    Message.objects.filter(notice__key=alert.key, user=cast.mara).update(read_at=alert.at)
    client = signed_in(cast.mara)
    page = client.get(reverse("budgets:alert", args=[alert.pk])).content.decode()
    for words in ("90% of the budget reached", "Mailbox full", "paolo@tidemark.example", "Read"):
        assert words in page
    row = client.get(reverse("budgets:alerts")).context["page"].object_list[0]
    readers = Message.objects.filter(notice__key=alert.key).count()
    assert (row.recipients, row.failed, row.read) == (1 + readers, 1, 1)
    for query, count in (
        ({"delivery": "failed"}, 1),
        ({"delivery": "unread"}, 0),
        ({"threshold": "90"}, 1),
        ({"kind": "forecast"}, 0),
        ({"type": "one_time"}, 0),
        ({"q": "fresh"}, 1),
        ({"view": "exhausted"}, 0),
    ):
        found = client.get(reverse("budgets:alerts"), query)
        assert found.context["page"].paginator.count == count, query


@pytest.mark.requirement("04-RCP-03", "06-DBR-02")
def test_everybody_sees_the_own_part_of_the_ledger(told: World) -> None:
    cast, lagoons = told.cast, alert_of(told.lagoons)
    counts = {}
    for who in ("mara", "felix", "jun", "dina", "leo", "nora"):
        listing = signed_in(getattr(cast, who)).get(reverse("budgets:alerts"))
        counts[who] = listing.context["page"].paginator.count
    # Jun looks after Harborline only.
    assert counts == {"mara": 1, "felix": 1, "jun": 0, "dina": 1, "leo": 1, "nora": 0}
    address = reverse("budgets:alert", args=[lagoons.pk])
    for who, status in (("leo", 200), ("dina", 200), ("mara", 404), ("hana", 404), ("ivy", 403)):
        assert signed_in(getattr(cast, who)).get(address).status_code == status, who
    page = signed_in(cast.dina).get(address).content.decode()
    assert cast.dina.email in page and cast.leo.email not in page
    masked = reverse("budgets:alert", args=[alert_of(told.tidemarks).pk])
    assert "paolo@tidemark.example" in signed_in(cast.mara).get(masked).content.decode()
    assert "paolo@tidemark.example" not in signed_in(cast.rosa).get(masked).content.decode()


@pytest.mark.requirement("05-EXP-01", "04-RCP-03")
def test_the_export_and_the_operators_page_name_the_recipients(told: World) -> None:
    cast = told.cast
    exporter = exporting.get("budget_alerts")
    source = exporter.source(cast.actor(cast.mara), {"query": ""})
    heads = [str(column.head) for column in source.columns]
    values = [column.value for column in source.columns]
    rows = source.queryset.annotate(**{f"c{n}": value for n, value in enumerate(values)})
    row = dict(zip(heads, rows.values_list(*(f"c{n}" for n in range(len(values))))[0], strict=True))
    assert row["Threshold (%)"] == 90
    assert row["Emails and SMS"] == "Paolo, email: queued"
    olga = signed_in(cast.olga)
    admin = reverse("admin:budgets_budgetalert_change", args=[alert_of(told.lagoons).pk])
    page = olga.get(admin).content.decode()
    assert "lagoon" in page and cast.dina.email in page


@pytest.mark.requirement("04-BFM-10", "04-D-13", "07-RBUD-04")
def test_partners_are_reminded_of_frozen_customers_once_a_month(world: World) -> None:
    FreezeState.objects.update(since=FIRST - timedelta(days=3))
    cast = world.cast
    release_all(world, world.tidemarks)
    FreezeState.objects.filter(pk=world.tidemarks.pk).update(since=FIRST - timedelta(days=2))
    assert turning.remind(FIRST - timedelta(seconds=1)) == 0, "November has long begun"
    assert checking.check_all(FIRST).reminded == 2
    assert checking.check_all(FIRST + timedelta(hours=1)).reminded == 0
    alerting.tell_pending()
    alerts = BudgetAlert.objects.filter(kind=AlertKind.MONTH_TURN)
    assert {alert.account_id for alert in alerts} == {cast.meridian.pk, cast.lagoon.pk}
    of_distributor = Notice.objects.get(
        account=cast.meridian, key=alerts.get(account=cast.meridian).key
    )
    assert "delta-rail: Account frozen" in of_distributor.body
    assert "reef-dive: Account frozen" in of_distributor.body
    assert of_distributor.title == "These customers are still frozen in 2026-12"
    assert turning.remind(FIRST + timedelta(days=31)) == 2, "once in each month"
    page = signed_in(cast.dina).get(reverse("budgets:alerts")).content.decode()
    assert "Customers still frozen in 2026-12" in page


@pytest.mark.requirement("04-BFM-10")
def test_who_froze_after_the_turn_is_not_reminded_of_it(world: World) -> None:
    for association in (world.tidemarks, world.meridians, world.lagoons):
        release_all(world, association)
    world.hold(world.tidemarks, HoldOwner.PARTNER)
    FreezeState.objects.update(since=FIRST + timedelta(hours=1))
    assert turning.remind(FIRST + timedelta(hours=2)) == 0
    FreezeState.objects.update(since=FIRST - timedelta(hours=1))
    assert turning.remind(FIRST + timedelta(days=4)) == 0, "nobody is reminded that late"
    assert turning.remind(FIRST + timedelta(days=2)) == 1
