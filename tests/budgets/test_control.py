"""Who controls budgets and freezing of one customer: the core matrix of 06, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.choices import SystemRole
from budgets.choices import HoldOwner
from budgets.permissions import FREEZE_CUSTOMERS
from budgets.queries import control
from budgets.refusals import ManagedByReseller, NeedsDistributor
from budgets.services import freezing
from customers.models import Association, ManagerAssignment
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from resellers.models import ResellerAssociation

from ..accounts.organization import new_member
from .conftest import live_owners, records_of, state_of

pytestmark = pytest.mark.django_db

#: customer of, grant, who acts → what happens (None: it is done).
MATRIX = [
    ("tidemarks", "none", "mara", None),
    ("tidemarks", "none", "nora", NotFound),
    ("tidemarks", "none", "dina", NotFound),
    ("tidemarks", "none", "leo", NotFound),
    ("tidemarks", "none", "olga", NotPermitted),
    ("tidemarks", "none", "hana", NotPermitted),
    ("tidemarks", "none", "felix", NotPermitted),
    ("tidemarks", "none", "rosa", NotPermitted),
    ("tidemarks", "none", "jun", NotPermitted),
    ("meridians", "none", "dina", None),
    ("meridians", "none", "leo", NotFound),
    ("meridians", "granted", "dina", None),
    ("meridians", "granted", "leo", NotFound),
    ("lagoons", "none", "dina", None),
    ("lagoons", "none", "leo", NeedsDistributor),
    ("lagoons", "none", "mara", NotFound),
    ("lagoons", "granted", "dina", ManagedByReseller),
    ("lagoons", "granted", "leo", None),
    ("lagoons", "granted", "mara", NotFound),
    ("lagoons", "withdrawn", "dina", None),
    ("lagoons", "withdrawn", "leo", NeedsDistributor),
    ("lagoons", "parted", "dina", NotFound),
    ("lagoons", "parted", "leo", NeedsDistributor),
]


def _grant(world, state: str) -> None:
    if state in ("granted", "withdrawn"):
        world.authorize()
    if state == "withdrawn":
        world.withdraw()
    if state == "parted":
        ResellerAssociation.objects.update(ended_at=clock.now())


@pytest.mark.requirement(
    "06-PRM-03", "06-PRM-04", "06-PRM-06", "06-PRM-08", "07-RFRZ-01", "07-RFRZ-02",
    "07-RTM-09", "07-RDF-09", "07-RTM-12", "07-RTM-13", "06-DOV-05",
)  # fmt: skip
@pytest.mark.parametrize(("whose", "grant", "who", "refusal"), MATRIX)
def test_the_matrix_of_who_freezes_and_unfreezes(world, whose, grant, who, refusal) -> None:
    association, user = getattr(world, whose), getattr(world.cast, who)
    _grant(world, grant)
    before = records_of(association)
    if refusal is None:
        world.unfreeze(user, association)
        world.freeze(user, association)
        assert state_of(association) == "account"
        assert [record[0] for record in records_of(association)[-2:]] == [
            "unfreeze_account",
            "freeze_account",
        ]
        return
    for act in (world.unfreeze, world.freeze):
        with pytest.raises(refusal):
            act(user, association)
    assert records_of(association) == before and live_owners(association) == ["default"]


@pytest.mark.requirement("06-PRM-04", "06-PRM-12", "06-C-03")
@pytest.mark.parametrize(("grant", "dina", "leo"), [
    ("none", {"meridians", "lagoons"}, set()),
    ("granted", {"meridians"}, {"lagoons"}),
    ("withdrawn", {"meridians", "lagoons"}, set()),
])  # fmt: skip
def test_lists_know_whose_customers_are_controlled(world, grant, dina, leo) -> None:
    _grant(world, grant)
    named = {getattr(world, name).pk: name for name in ("tidemarks", "meridians", "lagoons")}
    for user, expected in ((world.cast.dina, dina), (world.cast.leo, leo)):
        actor = world.cast.actor(user)
        mine = Association.objects.live().filter(control.controlled_by(actor))
        assert {named[pk] for pk in mine.values_list("pk", flat=True)} == expected
    owners = control.controllers_of([world.lagoons])[world.lagoons.pk]
    assert owners == (
        (HoldOwner.PARTNER, world.cast.lagoon.pk)
        if grant == "granted"
        else (HoldOwner.DISTRIBUTOR, world.cast.meridian.pk)
    )


@pytest.mark.requirement("06-PRM-15", "06-C-40", "06-PRM-07", "07-RUFZ-04")
def test_holds_belong_to_whoever_controls_the_customer_now(world) -> None:
    dina, leo, customer = world.cast.dina, world.cast.leo, world.lagoons
    world.unfreeze(dina, customer)
    world.freeze(dina, customer)
    assert live_owners(customer) == ["distributor"]
    world.authorize()
    world.unfreeze(leo, customer)
    assert state_of(customer) == "normal"
    world.freeze(leo, customer)
    world.withdraw()
    assert (state_of(customer), live_owners(customer)) == ("account", ["partner"])
    world.unfreeze(dina, customer)
    assert (state_of(customer), live_owners(customer)) == ("normal", [])


@pytest.mark.requirement("06-C-28")
def test_the_freeze_stays_when_reseller_and_distributor_part(world) -> None:
    ResellerAssociation.objects.update(ended_at=clock.now())
    assert state_of(world.lagoons) == "account"
    assert control.controllers_of([world.lagoons]) == {world.lagoons.pk: None}


def test_an_account_manager_with_the_permission_freezes_its_own_customers_only(world) -> None:
    mara = world.cast.actor(world.cast.mara)
    tom = new_member(mara, SystemRole.MANAGER, username="t.ong")
    ManagerAssignment.objects.create(
        account=world.cast.tidemark,
        association=world.tidemarks,
        manager=tom,
        started_at=clock.now(),
    )
    for user, expected in ((tom, None), (world.cast.jun, NotFound)):
        actor = world.cast.actor(user)
        actor = replace(actor, permissions=actor.permissions | {FREEZE_CUSTOMERS})
        call = {"association_ids": [world.tidemarks.pk], "strength": "account", "reason": "Paid"}
        if expected:
            with pytest.raises(expected):
                freezing.freeze(actor, **call)
        else:
            freezing.unfreeze(actor, **call)
    assert state_of(world.tidemarks) == "normal"
