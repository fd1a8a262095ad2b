"""Previews equal the effect, whatever the state, the budget and the act; and they write nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from audit.models import OperationRecord
from budgets.choices import (
    AdjustmentSource,
    BudgetType,
    ExhaustionAction,
    FreezeStatus,
    HoldOwner,
    Strength,
)
from budgets.models import Budget, BudgetAlert, FreezeHold, FreezeRecord, PendingCheck
from budgets.queries import prospects
from budgets.rules.matrix import Operation
from budgets.services import checking, freezing, pending, rehearsal, setting
from budgets.services.setting import Wish
from notifications.models import Notice
from partner_center import clock
from partner_center.refusals import Refusal

from .conftest import release_all
from .spending import budget, spend

#: Holds before: none, the default, the partner's own, a strong one, the operator's.
STATES = {
    "normal": [],
    "default": [(HoldOwner.DEFAULT, Strength.ACCOUNT)],
    "manual": [(HoldOwner.PARTNER, Strength.ACCOUNT)],
    "both": [(HoldOwner.PARTNER, Strength.RESOURCES)],
    "operator": [(HoldOwner.OPERATOR, Strength.ACCOUNT), (HoldOwner.DEFAULT, Strength.ACCOUNT)],
}
TABLES = (Budget, BudgetAlert, FreezeHold, FreezeRecord, PendingCheck, OperationRecord, Notice)


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)


def _wish(amount: str, action: str, *, unfreezes: bool) -> Wish:
    agreed = "1.0" if action == ExhaustionAction.RESTRICT_FREEZE else ""
    return Wish(BudgetType.MONTHLY, Decimal(amount), ExhaustionAction(action), unfreezes, agreed)


def _rows() -> list[int]:
    return [table.objects.count() for table in TABLES]


def _acts(actor, association, moment):
    """Every kind of change, by name; each a function that carries it out without a transaction."""
    ids = [association.pk]

    def sets(amount: str, action: str, *, unfreezes: bool):
        return lambda: setting.carry_out(
            actor,
            association_ids=ids,
            wish=_wish(amount, action, unfreezes=unfreezes),
            source=AdjustmentSource.SINGLE,
            moment=moment,
        )

    def moves(service, strength: Strength):
        return lambda: service(
            actor, association_ids=ids, strength=strength, reason="Preview", moment=moment
        )

    for action in ExhaustionAction:
        for amount in ("0.00", "60.00", "200.00"):
            for unfreezes in (False, True):
                yield sets(amount, action, unfreezes=unfreezes)
    for strength in Strength:
        yield moves(freezing.carry_out_freeze, strength)
        yield moves(freezing.carry_out_unfreeze, strength)


def _compare(association, carry_out, moment) -> None:
    rows = _rows()
    try:
        (prospect,) = rehearsal.rehearse([association.pk], carry_out, moment)
    except Refusal as refusal:
        with pytest.raises(type(refusal)):
            carry_out()
        return
    assert _rows() == rows, "a preview writes nothing"
    assert prospect.before == prospects.facts_of([association.pk], moment)[association.pk]
    carry_out()
    checking.check_customers({association.customer_id}, moment)
    assert prospect.after == prospects.facts_of([association.pk], moment)[association.pk]


@pytest.mark.requirement("04-BFM-06", "04-BFM-07", "04-BFM-08", "04-FRZ-06")
@pytest.mark.parametrize("state", STATES)
def test_preview_equals_effect_of_every_act(world, goods, state: str) -> None:
    association, moment = world.tidemarks, clock.now()
    release_all(world, association)
    budget(world, world.cast.mara, association, "100.00", action=ExhaustionAction.RESTRICT)
    spend(goods, association, "80")
    for owner, strength in STATES[state]:
        world.hold(association, owner, strength)
    actor = world.cast.actor(world.cast.mara)
    for carry_out in _acts(actor, association, moment):
        with transaction.atomic():
            _compare(association, carry_out, moment)
            transaction.set_rollback(True)


@pytest.mark.requirement("04-UNF-04", "04-BFM-08")
def test_a_preview_says_that_the_freeze_comes_back(world, goods) -> None:
    association, moment = world.tidemarks, clock.now()
    budget(world, world.cast.mara, association, "50.00", action=ExhaustionAction.RESTRICT)
    spend(goods, association, "80")
    pending.check_pending()
    actor = world.cast.actor(world.cast.mara)
    (prospect,) = rehearsal.rehearse(
        [association.pk],
        lambda: freezing.carry_out_unfreeze(
            actor,
            association_ids=[association.pk],
            strength=Strength.ACCOUNT,
            reason="Please",
            moment=moment,
        ),
        moment,
    )
    assert prospect.after.status == FreezeStatus.ACCOUNT
    assert prospect.after.owners == {HoldOwner.BUDGET}
    assert Operation.BUY_USAGE in prospect.after.refused
