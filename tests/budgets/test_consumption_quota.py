"""The partner's consumption quota: levels told once, customers held and released with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import OperationRecord
from budgets.choices import AlertKind, HoldOwner
from budgets.models import BudgetAlert, ConsumptionQuota, FreezeHold
from budgets.queries import consumption as queries
from budgets.queries import guard
from budgets.refusals import OnlyPayersHaveQuota, PartnerIsFrozen, PartnerRestricted
from budgets.rules import consumption as rules
from budgets.rules.matrix import Operation
from budgets.services import alerting, consumption
from notifications.models import Notice
from partner_center import clock
from partner_center.refusals import NotPermitted, Stale
from partner_center.stale import fingerprint_of

from .conftest import World, live_owners, release_all, state_of
from .spending import spend


@pytest.fixture
def open_world(world: World) -> World:
    """Nobody is frozen by default any more."""
    for association in (world.tidemarks, world.meridians, world.lagoons):
        release_all(world, association)
    return world


def grant(world: World, partner, amount: str | None) -> ConsumptionQuota:
    """The operator sets the quota on its page."""
    seen = fingerprint_of(queries.row_of(partner.pk), consumption.FIELDS)
    values = {"amount": amount and Decimal(amount)}
    return consumption.set_quota(
        world.cast.actor(world.cast.olga), partner.pk, values=values, seen=seen
    )


def run() -> tuple[int, int, int]:
    """Alerts, holds and releases of one check."""
    done = consumption.check(clock.now())
    return done.alerts, done.held, done.released


def told(partner) -> list[int | None]:
    rows = BudgetAlert.objects.filter(account=partner, kind=AlertKind.QUOTA).order_by("pk")
    return list(rows.values_list("threshold", flat=True))


@pytest.mark.requirement("01-QTA-03", "01-QTA-04")
@pytest.mark.parametrize(
    ("used", "level"),
    [
        ("0", 0),
        ("80", 0),
        ("80.00000001", 80),
        ("99.99999999999999999999", 80),
        ("100", 100),
        ("100.00000001", 100),
    ],
)
def test_levels_are_exact(used: str, level: int) -> None:
    assert rules.level(Decimal(used), Decimal(100)) == level
    assert rules.level(Decimal(used), None) == 0


@pytest.mark.requirement("01-QTA-02", "01-QTA-03", "01-QTA-04", "04-BFM-11", "04-D-53")
def test_each_crossing_is_told_once_and_customers_follow(open_world: World, goods) -> None:
    world, cast, customer = open_world, open_world.cast, open_world.tidemarks
    grant(world, cast.tidemark, "100")
    spend(goods, customer, "80")
    assert run() == (0, 0, 0)
    spend(goods, customer, "1")
    assert run() == (1, 0, 0)
    assert run() == (0, 0, 0)
    spend(goods, customer, "19")
    # Harborline and Delta are of the Reseller model as well.
    assert run() == (1, 3, 0)
    assert run() == (0, 0, 0)
    assert (state_of(customer), live_owners(customer)) == ("account", [HoldOwner.QUOTA])
    assert isinstance(
        guard.refusal_for(customer.customer_id, Operation.BUY_USAGE), PartnerRestricted
    )
    world.hold(customer, HoldOwner.PARTNER)
    with pytest.raises(PartnerIsFrozen):
        world.unfreeze(cast.mara, customer)
    paid = {"settled": Decimal("10"), "prepaid": Decimal("5"), "moment": clock.now()}
    for _twice in range(2):
        consumption.note_settled(cast.tidemark.pk, **paid)
    assert run() == (0, 0, 3), "85 of 100: released, and 80 is not told again"
    assert live_owners(customer) == [HoldOwner.PARTNER]
    spend(goods, customer, "15")
    run()
    assert told(cast.tidemark) == [80, 100, 100]
    assert alerting.tell_pending() == 3
    assert alerting.tell_pending() == 0
    titles = Notice.objects.filter(account=cast.tidemark, type="partner_quota")
    assert sorted(titles.values_list("title", flat=True)) == [
        "You have used 81% of your consumption quota",
        "Your consumption quota is used up: your customers cannot buy",
        "Your consumption quota is used up: your customers cannot buy",
    ]
    frozen = Notice.objects.filter(account=cast.tidemark, type="customer_freeze")
    titles = list(frozen.values_list("title", flat=True))
    assert titles == ["Fresh Foods: Normal"], "told once, not for each customer; this one by Olga"
    assert Notice.objects.filter(account=customer.customer_id, key__startswith="freeze:").exists()
    actions = set(
        OperationRecord.objects.filter(account=cast.tidemark).values_list("action", flat=True)
    )
    assert {
        "budgets.consumption_quota.set",
        "budgets.partner.restricted",
        "budgets.partner.unrestricted",
    } <= actions


@pytest.mark.requirement("06-DX-12", "04-BFM-11", "04-D-53")
def test_a_distributor_stands_for_its_resellers(open_world: World, goods) -> None:
    world, cast = open_world, open_world.cast
    grant(world, cast.meridian, "100")
    world.authorize()
    spend(goods, world.meridians, "40")
    spend(goods, world.lagoons, "60")
    spend(goods, world.tidemarks, "500")
    spend(goods, world.meridians, "500", model="referral")
    assert queries.quota_of(cast.meridian.pk).used == 100
    assert run() == (1, 2, 0)
    for association in (world.meridians, world.lagoons):
        assert live_owners(association) == [HoldOwner.QUOTA]
    assert live_owners(world.tidemarks) == []
    world.hold(world.lagoons, HoldOwner.PARTNER)
    with pytest.raises(PartnerIsFrozen):
        world.unfreeze(cast.leo, world.lagoons)
    alerting.tell_pending()
    told_too = Notice.objects.get(account=cast.lagoon, type="partner_quota")
    assert "Contact your distributor" in told_too.body and "100" not in told_too.body
    grant(world, cast.meridian, None)
    assert run() == (0, 0, 2)
    with pytest.raises(OnlyPayersHaveQuota):
        grant(world, cast.lagoon, "100")


@pytest.mark.requirement("04-BFM-11")
def test_a_killed_check_is_finished_by_the_next(
    open_world: World, goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, cast = open_world, open_world.cast
    grant(world, cast.tidemark, "100")
    spend(goods, world.tidemarks, "100")
    monkeypatch.setattr(consumption, "AT_ONCE", 1)
    hold, calls = consumption._hold, []

    def dies(rows, moment):
        calls.append(rows)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return hold(rows, moment)

    monkeypatch.setattr(consumption, "_hold", dies)
    with pytest.raises(KeyboardInterrupt):
        run()
    held = FreezeHold.objects.filter(owner=HoldOwner.QUOTA, released_at=None)
    assert held.count() == 1
    assert isinstance(
        guard.refusal_for(world.tidemarks.customer_id, Operation.BUY_USAGE), PartnerRestricted
    ), "refused from the moment on at which the level was noted"
    assert run() == (0, 2, 0)
    assert told(cast.tidemark) == [100]


@pytest.mark.requirement("01-QTA-05")
def test_only_the_operator_changes_a_quota(open_world: World, goods) -> None:
    world, cast = open_world, open_world.cast
    grant(world, cast.tidemark, "100")
    with pytest.raises(NotPermitted):
        consumption.set_quota(cast.actor(cast.mara), cast.tidemark.pk, values={}, seen="")
    with pytest.raises(Stale):
        consumption.set_quota(
            cast.actor(cast.olga), cast.tidemark.pk, values={"amount": Decimal(5)}, seen="old"
        )
    client = Client()
    client.force_login(cast.olga)
    address = reverse("admin:budgets_consumptionquota_change", args=[cast.northgate.pk])
    refused = client.post(address, {"amount": "-1", "seen": ""})
    assert refused.status_code == 422
    seen = fingerprint_of(queries.row_of(cast.northgate.pk), consumption.FIELDS)
    assert client.post(address, {"amount": "250.00", "seen": seen}).status_code == 302
    assert ConsumptionQuota.objects.get(pk=cast.northgate.pk).amount == 250


@pytest.mark.requirement("01-QTA-01", "01-QTA-02", "01-QTA-05")
def test_the_tab_shows_total_used_remaining_and_percent(open_world: World, goods) -> None:
    world, cast = open_world, open_world.cast
    client = Client()
    client.force_login(cast.mara)
    page = client.get(reverse("information:quota")).content.decode()
    assert "No consumption quota is set" in page
    grant(world, cast.tidemark, "1000")
    spend(goods, world.tidemarks, "855.5")
    page = client.get(reverse("information:quota")).content.decode()
    for words in ("1,000.00", "855.50", "144.50", "85%", "not a payment method"):
        assert words in page
    spend(goods, world.tidemarks, "200")
    run()
    page = client.get(reverse("information:quota")).content.decode()
    assert "Your account is restricted" in page and "105%" in page
    assert "Your consumption quota is used up" in client.get(reverse("home")).content.decode()
    for stranger, status in (("leo", 404), ("hana", 404), ("ivy", 403), ("dina", 200)):
        client.force_login(getattr(cast, stranger))
        assert client.get(reverse("information:quota")).status_code == status
