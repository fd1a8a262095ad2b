"""Whatever happens to the holds of a customer: the shown state is that of the strongest live one."""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from budgets.choices import ExhaustionAction, HoldOwner, Strength
from budgets.models import Budget, FreezeHold, FreezeState
from budgets.refusals import FrozenByOperator, PartnerIsFrozen, StateHasChanged, UnfreezeBoth
from budgets.rules import freezing as rules
from budgets.services import checking, freezing, holds
from partner_center import clock

from .conftest import World, release_all
from .spending import budget, spend

OWNERS = [owner for owner in HoldOwner if owner != HoldOwner.SYSTEM]


class Holds(RuleBasedStateMachine):
    """One customer of Tidemark; ``live`` is what the test believes."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.live: dict[HoldOwner, Strength] = {}
        self.customer = self.world.tidemarks
        self.mara = self.world.cast.actor(self.world.cast.mara)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @property
    def state(self) -> str:
        return rules.shown_state(self.live.values())

    def _placed(self, owner: HoldOwner, strength: Strength) -> None:
        if owner not in self.live or rules.is_stronger(strength, self.live[owner]):
            self.live[owner] = strength

    @rule(owner=st.sampled_from(OWNERS), strength=st.sampled_from(Strength))
    def somebody_holds(self, owner: HoldOwner, strength: Strength) -> None:
        self.world.hold(self.customer, owner, strength)
        self._placed(owner, strength)

    @rule(owner=st.sampled_from(OWNERS))
    def somebody_releases(self, owner: HoldOwner) -> None:
        holds.release(
            self.mara,
            [self.customer],
            owners=[owner],
            origin=owner,
            reason="Settled",
            moment=clock.now(),
        )
        self.live.pop(owner, None)

    @rule(strength=st.sampled_from(Strength))
    def the_partner_freezes(self, strength: Strength) -> None:
        try:
            freezing.carry_out_freeze(
                self.mara,
                association_ids=[self.customer.pk],
                strength=strength,
                reason="Overspending",
                moment=clock.now(),
            )
        except StateHasChanged:
            assert not rules.may_freeze_from(self.state, strength)
        else:
            self._placed(HoldOwner.PARTNER, strength)

    @rule(strength=st.sampled_from(Strength))
    def the_partner_unfreezes(self, strength: Strength) -> None:
        try:
            freezing.carry_out_unfreeze(
                self.mara,
                association_ids=[self.customer.pk],
                strength=strength,
                reason="Settled",
                moment=clock.now(),
            )
        except (StateHasChanged, UnfreezeBoth):
            assert self.state != rules.frozen_as(strength)
        except PartnerIsFrozen:
            assert HoldOwner.QUOTA in self.live
        except FrozenByOperator:
            assert not rules.RELEASABLE & self.live.keys()
        else:
            self.live = {o: s for o, s in self.live.items() if o not in rules.RELEASABLE}

    @rule(action=st.sampled_from(ExhaustionAction))
    def the_exhausted_budget_is_checked(self, action: ExhaustionAction) -> None:
        Budget.objects.filter(pk=self.customer.pk).update(action=action)
        checking.check_customers({self.customer.customer_id}, clock.now())
        if action != ExhaustionAction.MANUAL:
            freezes = action == ExhaustionAction.RESTRICT_FREEZE
            self._placed(HoldOwner.BUDGET, Strength.RESOURCES if freezes else Strength.ACCOUNT)

    @precondition(lambda self: self.live)
    @rule()
    def the_check_runs_once_more(self) -> None:
        Budget.objects.filter(pk=self.customer.pk).update(action=ExhaustionAction.MANUAL)
        outcome = checking.check_customers({self.customer.customer_id}, clock.now())
        assert outcome.frozen == 0

    @invariant()
    def the_strongest_live_hold_is_shown(self) -> None:
        shown = FreezeState.objects.get(pk=self.customer.pk)
        assert shown.state == self.state
        assert shown.automatically_frozen == (HoldOwner.BUDGET in self.live)
        live = FreezeHold.objects.filter(association=self.customer, released_at=None)
        assert dict(live.values_list("owner", "strength")) == self.live


@pytest.mark.requirement("04-BFM-18", "04-BFM-17")
def test_the_shown_state_is_always_that_of_the_strongest_live_hold(world, goods) -> None:
    release_all(world, world.tidemarks)
    budget(world, world.cast.mara, world.tidemarks, "100.00")
    spend(goods, world.tidemarks, "120")
    Holds.world = world
    run_state_machine_as_test(
        Holds,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
