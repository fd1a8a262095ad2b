"""The check: thresholds told once, exhausted budgets frozen, whatever comes twice or at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from budgets.choices import AlertKind, BudgetType, ExhaustionAction, HoldOwner, Strength
from budgets.models import Budget, BudgetAlert, FreezeHold, FreezeState, PendingCheck
from budgets.rules import usage
from budgets.services import alerting, pending, retention, setting
from notifications.models import Notice
from partner_center import clock

from .conftest import World, live_owners, release_all, state_of
from .spending import budget, check, spend, told, waiting

RESTRICT, FREEZE = ExhaustionAction.RESTRICT, ExhaustionAction.RESTRICT_FREEZE
MONTHLY, ONE_TIME = BudgetType.MONTHLY, BudgetType.ONE_TIME
#: November 20, 2026, noon in GMT+08:00.
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
#: The last second of November and the first of December in GMT+08:00.
LAST = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
FIRST = datetime(2026, 11, 30, 16, 0, 0, tzinfo=UTC)
T = AlertKind.THRESHOLD


class Time:
    """The clock of the test."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moment = Time()
    monkeypatch.setattr(clock, "now", moment)
    return moment


@pytest.fixture
def open_world(world: World) -> World:
    """Nobody is frozen by default any more."""
    for association in (world.tidemarks, world.meridians, world.lagoons):
        release_all(world, association)
    return world


@pytest.mark.requirement("04-BFM-05", "04-D-04")
@pytest.mark.parametrize(
    ("used", "level"),
    [
        ("0", 0),
        ("74.99999999", 0),
        ("75", 75),
        ("75.00000001", 75),
        ("89.99999999", 75),
        ("90", 90),
        ("90.00000001", 90),
        ("99.99999999", 90),
        ("100", 100),
        ("100.00000001", 100),
        ("99.99999999999999999999", 90),
        ("5000", 100),
    ],
)
def test_thresholds_are_exact(open_world: World, goods, used: str, level: int) -> None:
    world = open_world
    assert usage.level(Decimal(used), Decimal(100)) == level
    budget(world, world.cast.mara, world.tidemarks, "100.00")
    spend(goods, world.tidemarks, used)
    check()
    assert told(world.tidemarks) == ([(T, level)] if level else [])


@pytest.mark.requirement("04-BFM-03")
def test_percent_is_rounded_down_and_absent_without_a_budget() -> None:
    hundred = Decimal(100)
    assert usage.percent(Decimal("74.99"), hundred) == 74
    assert usage.percent(Decimal("99.99999999999999999999"), hundred) == 99
    assert usage.percent(Decimal("150.5"), hundred) == 150
    assert usage.percent(Decimal(0), Decimal("0.10")) == 0
    assert usage.percent(Decimal(5), Decimal(0)) is None
    assert usage.percent(Decimal(5), None) is None


@pytest.mark.requirement("04-BFM-05", "04-RCP-03", "07-ROTB-05")
def test_each_threshold_is_told_once_and_only_the_highest_of_a_jump(
    open_world: World, goods
) -> None:
    world = open_world
    budget(world, world.cast.mara, world.tidemarks, "100.00")
    steps = [("75", 75), ("1", None), ("14", 90), ("5", None), ("5", 100), ("20", None)]
    expected = []
    for amount, level in steps:
        spend(goods, world.tidemarks, amount)
        check()
        check()
        expected += [(T, level)] if level else []
        assert told(world.tidemarks) == expected
    budget(world, world.cast.dina, world.meridians, "100.00")
    spend(goods, world.meridians, "120")
    check()
    assert told(world.meridians) == [(T, 100)]


@pytest.mark.requirement(
    "04-BFM-07", "04-BFM-14", "04-BFM-18", "04-BUD-05", "04-ONE-05", "06-DMB-04", "07-ROTB-08"
)
@pytest.mark.parametrize(
    ("action", "held", "state", "frozen"),
    [
        (ExhaustionAction.MANUAL, None, "normal", False),
        (RESTRICT, None, "account", True),
        (RESTRICT, HoldOwner.DEFAULT, "account", True),
        (RESTRICT, HoldOwner.PARTNER, "account", True),
        (FREEZE, None, "resources", True),
        (FREEZE, HoldOwner.DEFAULT, "resources", True),
        (FREEZE, HoldOwner.OPERATOR, "resources", True),
    ],
)
def test_exhaustion_acts_as_chosen(
    open_world: World, goods, action: str, held: str | None, state: str, frozen: bool
) -> None:
    world, customer = open_world, open_world.tidemarks
    if held:
        world.hold(customer, held)
    budget(world, world.cast.mara, customer, "100.00", action=action)
    spend(goods, customer, "100")
    outcome = check()
    assert (outcome.alerts, outcome.frozen) == (1, int(frozen))
    shown = FreezeState.objects.get(pk=customer.pk)
    assert (shown.state, shown.automatically_frozen) == (state, frozen)
    assert live_owners(customer) == sorted(
        [*([held] if held else []), *([HoldOwner.BUDGET] if frozen else [])]
    )
    if frozen:
        hold = FreezeHold.objects.get(association=customer, owner=HoldOwner.BUDGET)
        assert hold.reason == ("Monthly budget exhausted: $100.00 USD of $100.00 USD used")
        assert BudgetAlert.objects.get().hold == hold
    again = check()
    assert (again.alerts, again.frozen) == (0, 0)


@pytest.mark.requirement("04-BFM-07", "04-D-15")
def test_a_stronger_freeze_is_never_weakened(open_world: World, goods) -> None:
    world, customer = open_world, open_world.tidemarks
    world.hold(customer, HoldOwner.PARTNER, Strength.RESOURCES)
    budget(world, world.cast.mara, customer, "100.00", action=RESTRICT)
    spend(goods, customer, "100")
    check()
    assert state_of(customer) == "resources"
    assert live_owners(customer) == [HoldOwner.BUDGET, HoldOwner.PARTNER]


@pytest.mark.requirement("04-BFM-08", "04-UNF-04", "07-RUFZ-03", "06-DUF-03")
def test_unfrozen_without_raising_the_budget_is_frozen_again(open_world: World, goods) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=RESTRICT)
    spend(goods, customer, "100")
    check()
    world.unfreeze(world.cast.mara, customer)
    assert state_of(customer) == "normal"
    check(NOW + timedelta(hours=1))
    assert state_of(customer) == "account"
    assert told(customer) == [(T, 100), (AlertKind.FROZEN_AGAIN, None)]


@pytest.mark.requirement("04-BFM-09", "04-BUD-06", "04-ONE-07", "07-RBUD-07", "07-ROTB-11")
@pytest.mark.parametrize("unfreezes", [False, True])
def test_raising_the_budget_unfreezes_only_with_the_box(
    open_world: World, goods, unfreezes: bool
) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=FREEZE)
    spend(goods, customer, "120")
    check()
    budget(world, world.cast.mara, customer, "200.00", action=FREEZE, unfreezes=unfreezes)
    check()
    assert state_of(customer) == ("normal" if unfreezes else "resources")
    assert Budget.objects.get().level == 0, "60%: 75, 90 and 100 are armed again"
    spend(goods, customer, "30")
    check()
    assert told(customer)[-1] == (T, 75)


@pytest.mark.requirement("04-BFM-05")
def test_a_changed_amount_arms_only_what_usage_is_below_now(open_world: World, goods) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00")
    spend(goods, customer, "95")
    check()
    budget(world, world.cast.mara, customer, "120.00")
    check()
    assert told(customer) == [(T, 90)], "79% now: 75 was passed and stays passed"
    spend(goods, customer, "14")
    check()
    assert told(customer) == [(T, 90), (T, 90)], "109 of 120: 90 was armed again"
    budget(world, world.cast.mara, customer, "110.00")
    check()
    assert told(customer) == [(T, 90), (T, 90)]
    budget(world, world.cast.mara, customer, "109.00")
    check()
    assert told(customer)[-1] == (T, 100)


@pytest.mark.requirement("04-BFM-10", "04-BUD-09", "04-D-13", "04-RM-03", "06-DMB-05", "07-RBUD-04")
def test_a_new_month_arms_everything_and_thaws_nobody(open_world: World, goods, time: Time) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=RESTRICT)
    spend(goods, customer, "100", at=LAST)
    check(LAST)
    assert told(customer) == [(T, 100)]
    time.now = FIRST
    check(FIRST)
    assert state_of(customer) == "account"
    world.unfreeze(world.cast.mara, customer)
    check(FIRST)
    assert state_of(customer) == "normal", "nothing is used in the new month"
    spend(goods, customer, "75", at=FIRST)
    check(FIRST)
    assert told(customer) == [(T, 100), (T, 75)]


@pytest.mark.requirement("04-BFM-02", "04-ONE-10", "04-ONE-11", "04-OTB-03", "04-D-09")
@pytest.mark.parametrize(("moment", "counts_from"), [(LAST, "2026-11"), (FIRST, "2026-12")])
def test_types_switch_at_once_in_the_last_and_first_second(
    open_world: World, goods, time: Time, moment: datetime, counts_from: str
) -> None:
    world, customer = open_world, open_world.tidemarks
    time.now = LAST
    budget(world, world.cast.mara, customer, "100.00")
    spend(goods, customer, "80", at=datetime(2026, 10, 30, tzinfo=UTC))
    spend(goods, customer, "90", at=LAST)
    check(LAST)
    time.now = moment
    switched = budget(world, world.cast.mara, customer, "100.00", kind=ONE_TIME)
    assert switched.counts_from == counts_from
    check(moment)
    in_november = moment == LAST
    assert told(customer) == [(T, 90), (T, 90)] if in_november else [(T, 90)]
    spend(goods, customer, "5", at=FIRST)
    check(FIRST + timedelta(days=40))
    assert len(told(customer)) == (2 if in_november else 1), "95, or 5, of 100 since the switch"
    time.now = FIRST
    back = budget(world, world.cast.mara, customer, "100.00", kind=MONTHLY)
    assert (back.level, back.type) == (0, MONTHLY)
    check(FIRST)
    assert len(told(customer)) == (2 if in_november else 1), "5 of 100 in December"


@pytest.mark.requirement("04-D-11", "04-D-10")
def test_zero_withdraws_the_budget(open_world: World, goods) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=RESTRICT)
    budget(world, world.cast.mara, customer, "0.00", action=RESTRICT)
    spend(goods, customer, "500")
    assert check().alerts == 0
    assert state_of(customer) == "normal"


@pytest.mark.requirement("04-BFM-02", "04-D-08")
def test_only_spend_of_the_association_in_the_reseller_model_counts_and_refunds_reduce_it(
    open_world: World, goods
) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00")
    spend(goods, customer, "99", model="referral")
    spend(goods, customer, "80")
    spend(goods, customer, "-10")
    assert check().alerts == 0
    spend(goods, customer, "5")
    assert check().alerts == 1


@pytest.mark.requirement("04-FRZ-07", "04-D-18")
def test_after_the_release_of_resources_the_budget_does_not_freeze_them_again(
    open_world: World, goods
) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=FREEZE)
    spend(goods, customer, "100")
    check()
    later = NOW + timedelta(days=15)
    retention.release_due(later)
    assert state_of(customer) == "account"
    check(NOW + timedelta(days=9))
    assert state_of(customer) == "account"


@pytest.mark.requirement("04-BFM-04")
def test_a_change_of_spend_or_budget_is_checked_as_soon_as_it_is_committed(
    open_world: World, goods
) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=RESTRICT)
    PendingCheck.objects.all().delete()
    spend(goods, customer, "100")
    pending.enqueue({customer.customer_id}, NOW)
    assert pending.check_pending().frozen == 1
    assert not PendingCheck.objects.exists()
    assert pending.check_pending().frozen == 0


@pytest.mark.requirement("04-RCP-04", "04-RCP-05", "04-D-06", "06-DBR-02")
def test_messages_say_who_what_and_what_follows_and_go_once(open_world: World, goods) -> None:
    world, customer = open_world, open_world.lagoons
    budget(world, world.cast.dina, customer, "100.00", action=RESTRICT)
    spend(goods, customer, "120")
    check()
    assert waiting() == 1
    assert alerting.tell_pending() == 1
    assert alerting.tell_pending() == 0
    notices = Notice.objects.filter(key=BudgetAlert.objects.get().key)
    accounts = {world.cast.lagoon.pk, world.cast.meridian.pk, customer.customer_id}
    assert {notice.account_id for notice in notices} == accounts
    of_partner = notices.get(account_id=world.cast.lagoon.pk)
    facts = dict(of_partner.facts)
    assert facts["Budget"] == "$100.00 USD"
    assert facts["Used"] == "$120.00 USD"
    assert facts["Budget Usage"] == "120%"
    assert "account is frozen" in of_partner.body
    assert of_partner.link == f"/sales/customers/budgets/set/{customer.pk}"


@pytest.mark.requirement("04-ASC-10", "08-CSD-17")
def test_the_budget_ends_with_the_association(open_world: World, goods) -> None:
    world, customer = open_world, open_world.tidemarks
    budget(world, world.cast.mara, customer, "100.00", action=RESTRICT)
    setting.end(world.cast.actor(world.cast.olga), customer, NOW)
    assert Budget.objects.get().amount == 0
    spend(goods, customer, "100")
    assert check().alerts == 0
