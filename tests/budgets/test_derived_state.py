"""The shown state is derived by the database: nobody can make it disagree with the live holds."""

from __future__ import annotations

import threading
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from budgets.choices import HoldOwner, Strength
from budgets.models import FreezeHold, FreezeState
from budgets.rules import freezing as rules
from budgets.services import holds
from customers.models import Association
from partner_center import clock

from ..cast import _account, assemble
from .conftest import associate, build, live_owners, state_of

pytestmark = pytest.mark.django_db


def _run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def _insert(association, owner: str, strength: str = "account") -> None:
    retention = clock.now() if strength == "resources" else None
    _run(
        "INSERT INTO budgets_freezehold (account_id, association_id, owner, strength, reason, "
        "placed_at, retention_until) VALUES (%s, %s, %s, %s, 'raw', %s, %s)",
        association.account_id,
        association.pk,
        owner,
        strength,
        clock.now(),
        retention,
    )


@pytest.mark.requirement("04-BFM-18", "04-BFM-17")
def test_raw_statements_derive_the_state_too(cast) -> None:
    association = Association.objects.get(customer=cast.delta)
    begun = FreezeState.objects.get(pk=association.pk)
    assert (begun.state, begun.automatically_frozen, begun.account) == (
        "normal",
        False,
        cast.tidemark,
    )
    _insert(association, "budget")
    frozen = FreezeState.objects.get(pk=association.pk)
    assert (frozen.state, frozen.automatically_frozen) == ("account", True)
    _insert(association, "operator", "resources")
    assert state_of(association) == "resources"
    moment = clock.now() + timedelta(hours=1)
    _run("UPDATE budgets_freezehold SET released_at = %s WHERE owner = 'operator'", moment)
    weaker = FreezeState.objects.get(pk=association.pk)
    assert (weaker.state, weaker.since) == ("account", moment)
    _run("UPDATE budgets_freezehold SET released_at = %s WHERE owner = 'budget'", moment)
    assert state_of(association) == "normal"


@pytest.mark.requirement("04-BFM-18")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_freezestate SET state = 'normal'",
        "UPDATE budgets_freezestate SET state = 'resources'",
        "UPDATE budgets_freezestate SET automatically_frozen = true",
        "DELETE FROM budgets_freezestate",
        "DELETE FROM budgets_freezehold",
        "UPDATE budgets_freezehold SET strength = 'resources', retention_until = now()",
        "UPDATE budgets_freezehold SET owner = 'budget'",
        "UPDATE budgets_freezehold SET reason = 'other', released_at = now()",
        "UPDATE budgets_freezehold SET placed_at = now()",
    ],
)
def test_the_database_refuses_what_would_disagree(world, statement) -> None:
    with pytest.raises(DatabaseError):
        _run(statement)
    assert (state_of(world.tidemarks), live_owners(world.tidemarks)) == ("account", ["default"])


def test_a_released_hold_stays_released(world) -> None:
    world.unfreeze(world.cast.mara, world.tidemarks)
    for statement in (
        "UPDATE budgets_freezehold SET released_at = NULL WHERE released_at IS NOT NULL",
        "UPDATE budgets_freezehold SET released_at = now() WHERE released_at IS NOT NULL",
    ):
        with pytest.raises(IntegrityError, match="never changed"):
            _run(statement)
    assert state_of(world.tidemarks) == "normal"


def test_one_live_hold_per_owner_and_association(world) -> None:
    with pytest.raises(IntegrityError, match="freeze_hold_one_live_per_owner"):
        _insert(world.tidemarks, "default")


def test_every_association_has_its_state_from_the_first_moment(world) -> None:
    assert FreezeState.objects.count() == Association.objects.count()
    assert not Association.objects.filter(freeze_state=None).exists()


def test_associations_of_before_get_their_state_by_the_migration(db) -> None:
    migration = import_module("budgets.migrations.0002_derived_state")
    with connection.cursor() as cursor:
        cursor.execute(migration.REMOVED)
        cast = assemble()
        assert not FreezeState.objects.exists()
        # Keys of what the cast holds are checked before the table is changed again.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration.DERIVED)
    states = FreezeState.objects.filter(state="normal", automatically_frozen=False)
    assert states.count() == Association.objects.count() >= 3
    assert states.get(association__customer=cast.quarry).account == cast.northgate


@pytest.mark.django_db(transaction=True)
def test_two_raw_transactions_at_once_see_each_others_holds(db) -> None:
    """Each places a hold before either commits: the second one waits and derives from both."""
    world = build(assemble())
    association = world.tidemarks
    placed, go = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                _insert(association, "operator", "resources")
                placed.set()
                go.wait(5)
        finally:
            connection.close()

    def quick() -> None:
        try:
            placed.wait(5)
            _insert(association, "budget")
        finally:
            connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    placed.wait(5)
    threading.Timer(0.3, go.set).start()
    for thread in threads:
        thread.join()
    assert live_owners(association) == ["budget", "default", "operator"]
    state = FreezeState.objects.get(pk=association.pk)
    assert (state.state, state.automatically_frozen) == ("resources", True)


class HoldsMachine(RuleBasedStateMachine):
    """Whatever is placed and released in whatever order: what is shown is the strongest live hold."""

    association: Association
    actor: Any

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.live: dict[HoldOwner, Strength] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(owner=st.sampled_from(HoldOwner), strength=st.sampled_from(Strength))
    def place(self, owner: HoldOwner, strength: Strength) -> None:
        holds.place(
            self.actor,
            [self.association],
            owner=owner,
            strength=strength,
            reason="Machine",
            moment=clock.now(),
        )
        if self.live.get(owner) != Strength.RESOURCES:
            self.live[owner] = strength

    @precondition(lambda self: self.live)
    @rule(owners=st.sets(st.sampled_from(HoldOwner), min_size=1))
    def release(self, owners: set[HoldOwner]) -> None:
        holds.release(
            self.actor,
            [self.association],
            owners=owners,
            origin=HoldOwner.OPERATOR,
            reason="Machine",
            moment=clock.now(),
        )
        self.live = {owner: kept for owner, kept in self.live.items() if owner not in owners}

    @invariant()
    def the_strongest_live_hold_is_shown(self) -> None:
        shown = FreezeState.objects.get(pk=self.association.pk)
        live = FreezeHold.objects.filter(association=self.association, released_at=None)
        stored = dict(live.values_list("owner", "strength"))
        assert stored == {str(owner): str(kept) for owner, kept in self.live.items()}
        assert shown.state == rules.shown_state(self.live.values())
        assert shown.automatically_frozen == (HoldOwner.BUDGET in self.live)


@pytest.mark.requirement("04-BFM-18", "04-BFM-17", "04-D-59")
def test_the_shown_state_is_the_strongest_live_hold_always(cast) -> None:
    HoldsMachine.association = associate(
        cast, cast.tidemark, _account("machine").account, freezes=False
    )
    HoldsMachine.actor = cast.actor(cast.olga)
    quick = settings(
        max_examples=15,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(HoldsMachine, settings=quick)
