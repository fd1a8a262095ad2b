"""Two at once, on real connections: no quota is overspent, no write is lost (04-BFM-16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accounts.choices import SystemRole
from budgets.choices import AdjustmentSource, BudgetType, ExhaustionAction, HoldOwner, Strength
from budgets.models import Budget, BudgetAdjustment
from budgets.queries import holds as hold_queries
from budgets.queries import quotas
from budgets.services import checking, setting
from budgets.services.setting import Wish
from customers.models import Association
from customers.services import operating as associations
from partner_center import clock
from resellers.models import ResellerAssociation, ResellerBudgetGrant
from resellers.queries.grants import seen_budget_grant
from resellers.services import grants
from resources.models import CloudResource

from ..accounts.organization import at_once, new_member, refusals
from ..cast import _account, assemble
from ..goods import stock
from ..metering.usage import record, take, write_csv
from .conftest import World, associate, build, live_owners, records_of, release_all, state_of
from .in_turn import in_turn
from .spending import budget, check, spend, told

pytestmark = pytest.mark.django_db(transaction=True)
RESTRICT = ExhaustionAction.RESTRICT


def setting_of(
    world: World, user: Any, association: Association, amount: str, *, unfreezes: bool = False
) -> Callable[[], Any]:
    """A call that sets a monthly budget."""
    wish = Wish(BudgetType.MONTHLY, Decimal(amount), RESTRICT, unfreezes=unfreezes)
    actor = world.cast.actor(user)
    return partial(setting.set_budgets, actor, association_ids=[association.pk], wish=wish)


def unfreezing_of(world: World, association: Association, seen: str | None = None) -> Callable:
    return partial(world.unfreeze, world.cast.mara, association, seen=seen)


def checking_now() -> checking.Outcome:
    return checking.check_all(clock.now())


def gate(association: Association) -> Any:
    return Association.objects.filter(pk=association.pk)


@pytest.mark.requirement("04-BFM-16", "04-BUD-10", "07-RBUD-05", "06-PRM-13")
def test_a_quota_is_never_overspent(db) -> None:
    world = build(assemble())
    cast, leo = world.cast, world.cast.leo
    other = new_member(cast.actor(leo), SystemRole.ADMIN)
    world.authorize(monthly_quota="100")
    customers = [
        world.lagoons,
        *(associate(cast, cast.lagoon, _account(f"reef-{n}").account) for n in range(3)),
    ]
    people = [leo, other, leo, other]
    calls = [setting_of(world, *pair, "40") for pair in zip(people, customers, strict=True)]
    insufficient = "budgets.budget.quota_insufficient"
    assert refusals(at_once(*calls)) == [insufficient] * 2
    assert quotas.allocated(cast.lagoon.pk, BudgetType.MONTHLY) == 80
    assert BudgetAdjustment.objects.count() == 2

    # Both raise the same budget: the later one stands, and both are on record, one upon the other.
    chosen = Budget.objects.select_related("association").first().association
    first, second = (
        setting_of(world, leo, chosen, "50"),
        setting_of(world, other, chosen, "60"),
    )
    tie = ResellerAssociation.objects.filter(reseller=cast.lagoon)
    assert refusals(in_turn(tie, first, second)) == []
    newest = BudgetAdjustment.objects.filter(association=chosen).order_by("-pk")
    assert list(newest.values_list("before", "after")[:2]) == [(50, 60), (40, 50)]
    assert Budget.objects.get(pk=chosen.pk).amount == 60

    # The distributor changes the quota meanwhile; its code was checked elsewhere.
    def granting(monthly: int, one_time: int | None = None) -> Callable[[], Any]:
        present = ResellerBudgetGrant.objects.get(closed_at=None)
        return partial(
            grants.set_budget_grant,
            replace(cast.actor(cast.dina), is_system=True),
            tie.get().pk,
            monthly_quota=Decimal(monthly),
            one_time_quota=None if one_time is None else Decimal(one_time),
            seen=seen_budget_grant(present),
        )

    def raising(amount: int) -> Callable[[], Any]:
        return setting_of(world, leo, chosen, str(amount))

    assert refusals(in_turn(tie, raising(61), granting(110))) == [insufficient], "61 + 40 of 100"
    below = "budgets.quota.below_allocated"
    assert refusals(in_turn(tie, raising(70), granting(100))) == [below], "70 + 40 by then"
    assert refusals(in_turn(tie, granting(110, 5), raising(71))) == [insufficient]
    assert quotas.allocated(cast.lagoon.pk, BudgetType.MONTHLY) == 110


@pytest.mark.requirement("04-BFM-16", "04-BFM-08", "04-BFM-09")
def test_an_operator_and_the_check_at_once(db) -> None:
    world, goods = build(assemble()), stock()
    cast, customer = world.cast, world.tidemarks

    def exhausted() -> Association:
        release_all(world, customer)
        budget(world, cast.mara, customer, "100", action=RESTRICT)
        return customer

    # Raised while the check waits with what it found: nothing is frozen, nobody is told.
    spend(goods, exhausted(), "100")
    raises = setting_of(world, cast.mara, customer, "200")
    _set, checked = in_turn(gate(customer), raises, checking_now)
    assert (checked.frozen, checked.alerts) == (0, 0)
    assert (state_of(customer), told(customer)) == ("normal", [])

    # The check first: frozen and told; raising does not unfreeze, and arms the thresholds again.
    checked, _set = in_turn(gate(exhausted()), checking_now, raises)
    assert (checked.frozen, checked.alerts) == (1, 1)
    assert (live_owners(customer), told(customer)) == ([HoldOwner.BUDGET], [("threshold", 100)])
    found = Budget.objects.get(pk=customer.pk)
    assert (found.amount, found.level, found.arming) == (200, 0, 1)
    assert check() == checking.Outcome()

    # Unfrozen while the check waits: the check has the last word.
    exhausted()
    world.hold(customer, HoldOwner.PARTNER)
    unfreeze = unfreezing_of(world, customer)
    in_turn(gate(customer), unfreeze, checking_now)
    assert (state_of(customer), live_owners(customer)) == ("account", [HoldOwner.BUDGET])
    assert [row[0] for row in records_of(customer)[-2:]] == ["unfreeze_account", "freeze_account"]

    # The check first: its hold goes with the others, until the next check. A page that was shown
    # before is out of date.
    budget(world, cast.mara, customer, "200", action=RESTRICT, unfreezes=True)
    world.hold(customer, HoldOwner.PARTNER)
    exhausted_again = setting_of(world, cast.mara, customer, "100")
    exhausted_again()
    seen = hold_queries.seen_of([customer.pk])
    stale = unfreezing_of(world, customer, seen)
    assert refusals(in_turn(gate(customer), checking_now, unfreeze)) == []
    assert state_of(customer) == "normal"
    assert (check().frozen, live_owners(customer)) == (1, [HoldOwner.BUDGET])
    assert refusals([_refused(stale)]) == ["stale"]
    kinds = [kind for kind, _percent in told(customer)]
    assert kinds == ["threshold", "threshold", "threshold", "frozen_again"]


def _refused(call: Callable[[], Any]) -> Any:
    (answer,) = at_once(call)
    return answer


@pytest.mark.requirement("04-BFM-16", "04-ASC-10")
def test_budgets_freezes_and_the_end_of_the_association_at_once(db) -> None:
    world, goods = build(assemble()), stock()
    cast = world.cast
    olga = cast.actor(cast.olga)

    def ends(association: Association) -> Callable[[], Any]:
        return partial(associations.end_association, olga, association.pk, reason="Left")

    gone = world.tidemarks
    answers = in_turn(gate(gone), ends(gone), setting_of(world, cast.mara, gone, "50"))
    assert refusals(answers) == ["not_found"]
    assert not Budget.objects.filter(pk=gone.pk).exists()

    stays = Association.objects.get(customer=cast.harborline)
    in_turn(gate(stays), setting_of(world, cast.mara, stays, "50"), ends(stays))
    sources = BudgetAdjustment.objects.filter(association=stays).order_by("pk")
    assert list(sources.values_list("source", "after")) == [
        (AdjustmentSource.SINGLE, 50),
        (AdjustmentSource.ENDED, 0),
    ]
    assert Budget.objects.get(pk=stays.pk).amount == 0

    # The check has found this one before it left.
    left = Association.objects.get(customer=cast.delta)
    budget(world, cast.mara, left, "50", action=RESTRICT)
    spend(goods, left, "50")
    freeze = partial(world.freeze, cast.mara, left)
    assert refusals(in_turn(gate(left), ends(left), checking_now, freeze)) == ["not_found"]
    assert (told(left), live_owners(left), state_of(left)) == ([], [], "normal")


@pytest.mark.requirement("04-BFM-16")
def test_a_resource_first_metered_in_the_moment_of_a_freeze_is_as_frozen_as_the_others(
    tmp_path: Path,
) -> None:
    stock()
    world = build(assemble())
    association = world.tidemarks

    def metering(name: str) -> Callable[[], Any]:
        rows = [record(association.customer, name, resource_id=name)]
        return partial(take, write_csv(tmp_path / f"{name}.csv", rows))

    def frozen() -> dict[str, bool]:
        rows = CloudResource.objects.filter(account=association.customer)
        return {row.resource_id: row.frozen_at is not None for row in rows}

    both = (world.cast.mara, association, Strength.RESOURCES)
    in_turn(gate(association), partial(world.freeze, *both), metering("i-1"))
    assert frozen() == {"i-1": True}
    in_turn(gate(association), partial(world.unfreeze, *both), metering("i-2"))
    assert frozen() == {"i-1": False, "i-2": False}
    in_turn(gate(association), metering("i-3"), partial(world.freeze, *both))
    assert frozen() == {"i-1": True, "i-2": True, "i-3": True}
