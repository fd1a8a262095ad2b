"""Forecasts: one rule, on the page, in the list and in the alerts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from budgets.choices import AlertKind, BudgetType, HoldOwner, Strength
from budgets.models import Budget, BudgetAlert
from budgets.queries import pace
from budgets.rules import pace as rules
from budgets.services import alert_settings, alerting, foretelling
from customers.models import Association
from notifications.models import Notice
from partner_center import clock
from partner_center.refusals import NotPermitted

from .conftest import World, release_all
from .spending import budget, check, spend, spend_daily, told

#: November 20, 2026, noon in GMT+08:00: ten and a half days are left.
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
MONTHLY, ONE_TIME = BudgetType.MONTHLY, BudgetType.ONE_TIME


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def spending(world: World, goods) -> World:
    """Tidemark's customer has spent 10 on each of the last seven days."""
    for association in (world.tidemarks, world.meridians, world.lagoons):
        release_all(world, association)
    Association.objects.update(associated_at=NOW - timedelta(days=100))
    spend_daily(goods, world.tidemarks, "10", days=7, at=NOW)
    return world


@pytest.mark.requirement("04-BFM-03", "04-BFM-04")
@pytest.mark.parametrize(
    ("kind", "amount", "day"),
    [
        (MONTHLY, "100", date(2026, 11, 23)),
        (MONTHLY, "174.9", date(2026, 11, 30)),
        # 70 are used, 105 will be until the end of the month.
        (MONTHLY, "175.01", None),
        (MONTHLY, "70", None),
        (MONTHLY, "70.00", None),
        (ONE_TIME, "500", date(2027, 1, 2)),
        (ONE_TIME, "670", date(2027, 1, 19)),
        (ONE_TIME, "670.01", None),
        (MONTHLY, "0", None),
    ],
)
def test_page_list_and_rule_say_the_same_day(
    spending: World, kind: str, amount: str, day: date | None
) -> None:
    customer = spending.tidemarks
    budget(spending, spending.cast.mara, customer, amount, kind=kind)
    said = rules.forecast(kind, Decimal(amount), Decimal(70), Decimal(10), NOW)
    assert said.exhausts_on == day
    rows = Association.objects.annotate(day=pace.exhausts_on(NOW))
    assert dict(rows.values_list("pk", "day"))[customer.pk] == day
    course = pace.course_of(customer.pk, NOW)
    assert (course.forecast.exhausts_on if course else None) == day
    ahead = (day - date(2026, 11, 20)).days if day else None
    for within in (None, 2, 3, 9, 10, 43, 59):
        is_soon = ahead is not None and (within is None or ahead <= within)
        assert exhausting(customer, within) == is_soon, within


def exhausting(customer: Association, within: int | None = None) -> bool:
    """Whether the filter of the list finds the customer."""
    found = pace.exhausting([customer.account_id], NOW, within=within)
    return Association.objects.filter(pk__in=found, pk=customer.pk).exists()


@pytest.mark.requirement("04-CUS-02")
def test_the_filter_counts_earlier_months_of_one_time_budgets_and_refunds(
    spending: World, goods
) -> None:
    customer = spending.tidemarks
    budget(spending, spending.cast.mara, customer, "1000", kind=ONE_TIME)
    assert not exhausting(customer), "70 are used, 600 come"
    Budget.objects.filter(pk=customer.pk).update(counts_from="2026-09")
    spend(goods, customer, "330", at=NOW - timedelta(days=65))
    assert exhausting(customer, 60) and not exhausting(customer, 59)
    budget(spending, spending.cast.mara, customer, "100")
    assert exhausting(customer, 3), "a monthly budget counts its month alone"
    spend(goods, customer, "-80")
    assert exhausting(customer, 10) and not exhausting(customer, 9), "refunds never below zero"


@pytest.mark.requirement("04-BFM-04")
def test_a_newer_customer_and_a_slow_one(spending: World, goods) -> None:
    Association.objects.filter(pk=spending.meridians.pk).update(
        associated_at=NOW - timedelta(days=2)
    )
    spend_daily(goods, spending.meridians, "10", days=2, at=NOW)
    spend_daily(goods, spending.lagoons, "0.01", days=1, at=NOW)
    assert pace.per_day([spending.meridians.pk], NOW)[spending.meridians.pk] == 10
    budget(spending, spending.cast.dina, spending.meridians, "40")
    budget(spending, spending.cast.dina, spending.lagoons, "40")
    rows = Association.objects.annotate(day=pace.exhausts_on(NOW))
    found = dict(rows.values_list("pk", "day"))
    assert found[spending.meridians.pk] == date(2026, 11, 22)
    assert found[spending.lagoons.pk] is None
    assert exhausting(spending.meridians, 2) and not exhausting(spending.meridians, 1)
    assert not exhausting(spending.lagoons)


@pytest.mark.requirement("04-RCP-03", "04-RCP-05")
def test_it_is_told_once_a_period_unless_the_day_moves(spending: World, goods) -> None:
    customer, mara = spending.tidemarks, spending.cast.mara
    budget(spending, mara, customer, "100")
    assert foretelling.foretell(NOW) == 1
    assert foretelling.foretell(NOW) == 0
    assert Budget.objects.get(pk=customer.pk).forecast_told == date(2026, 11, 23)
    # Two days later at the same pace: hardly another day.
    assert foretelling.foretell(NOW + timedelta(days=2)) == 0
    spend(goods, customer, "5")
    check(NOW)
    assert told(customer) == [("forecast", None), ("threshold", 75)]
    Budget.objects.filter(pk=customer.pk).update(amount=110)
    assert foretelling.foretell(NOW) == 0, "moved by no more than three days"
    Budget.objects.filter(pk=customer.pk).update(amount=150)
    assert foretelling.foretell(NOW) == 1, "moved to November 28"
    alerting.tell_pending()
    notice = Notice.objects.filter(account=spending.cast.tidemark, title__contains="exceed").last()
    assert notice.title == "Fresh Foods will exceed its budget on Nov 28, 2026"
    assert notice.link == reverse("budgets:set", args=[customer.pk])


@pytest.mark.requirement("04-RCP-03")
def test_nobody_below_pace_exhausted_or_frozen_is_told(spending: World, goods) -> None:
    customer, mara = spending.tidemarks, spending.cast.mara
    budget(spending, mara, customer, "175.01")
    assert foretelling.foretell(NOW) == 0
    budget(spending, mara, customer, "70")
    assert foretelling.foretell(NOW) == 0
    budget(spending, mara, customer, "100")
    spending.hold(customer, HoldOwner.PARTNER, Strength.RESOURCES)
    assert foretelling.foretell(NOW) == 0
    rows = Association.objects.annotate(day=pace.exhausts_on(NOW))
    assert rows.get(pk=customer.pk).day is None
    assert not exhausting(customer)
    assert pace.course_of(customer.pk, NOW).forecast.exhausts_on is None


@pytest.mark.requirement("04-RCP-03", "06-DBR-02")
def test_each_partner_switches_forecasts_off_for_itself(spending: World, goods) -> None:
    cast, customer = spending.cast, spending.lagoons
    spend_daily(goods, customer, "10", days=7, at=NOW)
    budget(spending, cast.dina, customer, "100")
    client = Client()
    client.force_login(cast.leo)
    address = reverse("budgets:alert-settings")
    assert "3 days" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 302
    assert foretelling.foretell(NOW) == 1, "the distributor still wants it"
    alerting.tell_pending()
    key = BudgetAlert.objects.get(kind=AlertKind.FORECAST).key
    assert list(Notice.objects.filter(key=key).values_list("account", flat=True)) == [
        cast.meridian.pk
    ]
    alert_settings.set_forecasts(cast.actor(cast.dina), on=False)
    Budget.objects.update(forecast_told=None)
    assert foretelling.foretell(NOW) == 0
    with pytest.raises(NotPermitted):
        alert_settings.set_forecasts(cast.actor(cast.ivy), on=True)


@pytest.mark.requirement("04-CUS-02", "04-CUD-01")
def test_customer_page_and_list_show_pace_and_day(spending: World) -> None:
    cast, customer = spending.cast, spending.tidemarks
    client = Client()
    client.force_login(cast.mara)
    details = reverse("customers:details", args=[customer.pk])
    assert "Budget Pace" not in client.get(details).content.decode()
    budget(spending, cast.mara, customer, "100")
    page = client.get(details).content.decode()
    for words in ("Budget Pace", "Nov 23, 2026", "Pace a day", "10.00", "175.00"):
        assert words in page
    chosen = {"lists": {"customers": {"columns": ["name", "exhausts_on"]}}}
    User.objects.filter(pk=cast.mara.pk).update(preferences=chosen)
    listing = client.get(reverse("customers:list")).content.decode()
    assert "<strong>" in listing and "Nov 23, 2026" in listing, "bold: within three days"
    for choice, count in (("3", 1), ("7", 1), ("period", 1)):
        found = client.get(reverse("customers:list"), {"exhausts": choice})
        assert found.context["page"].paginator.count == count
    budget(spending, cast.mara, customer, "174")
    found = client.get(reverse("customers:list"), {"exhausts": "7"})
    assert found.context["page"].paginator.count == 0
