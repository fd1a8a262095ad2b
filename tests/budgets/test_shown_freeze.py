"""What pages say about the freeze of a customer."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from budgets.choices import FreezeStatus, HoldOwner, Strength
from budgets.queries import holds as queries
from customers.models import Association
from partner_center.badges import TABLE
from partner_center.refusals import NotFound

from .conftest import release_all

pytestmark = pytest.mark.django_db
BOTH = Strength.RESOURCES


def _shown(world, user, association):
    return queries.freeze_of(world.cast.actor(user), association.pk)


def _page(shown) -> str:
    return " ".join(render_to_string("budgets/parts/holds.html", {"holds": shown}).split())


@pytest.mark.requirement("04-BFM-17")
def test_the_states_are_those_of_the_badges() -> None:
    assert list(FreezeStatus.labels) == list(TABLE["freeze"])
    assert list(FreezeStatus.labels) == [
        "Normal",
        "Account frozen",
        "Account and resources frozen",
    ]


@pytest.mark.requirement("04-BFM-17", "04-D-59")
def test_lists_filter_by_state_and_by_automatically_frozen(world) -> None:
    world.hold(world.tidemarks, HoldOwner.BUDGET)
    world.freeze(world.cast.dina, world.meridians, BOTH)
    rows = Association.objects.filter(pk__in=[world.tidemarks.pk, world.meridians.pk])
    assert rows.get(freeze_state__automatically_frozen=True) == world.tidemarks
    assert rows.get(freeze_state__state="resources") == world.meridians


@pytest.mark.requirement("04-CUD-01", "06-DCU-09")
def test_the_banner_says_what_was_frozen(world) -> None:
    mara, customer = world.cast.mara, world.tidemarks
    assert _shown(world, mara, customer).banner == "The account of the customer is frozen."
    world.unfreeze(mara, customer)
    assert _shown(world, mara, customer).banner == ""
    assert _page(_shown(world, mara, customer)) == ""
    world.freeze(mara, customer)
    assert _shown(world, mara, customer).banner == "You have frozen the account of the customer."
    world.operator_hold(customer, BOTH)
    assert _shown(world, mara, customer).banner == (
        "The account and pay-per-use resources of the customer are frozen."
    )
    release_all(world, customer)
    world.freeze(mara, customer, BOTH)
    assert _shown(world, mara, customer).banner == (
        "You have frozen the account and pay-per-use resources of the customer."
    )


def test_every_live_hold_is_named_with_its_time_and_reason(world) -> None:
    customer, mara = world.tidemarks, world.cast.mara
    for owner in (HoldOwner.BUDGET, HoldOwner.QUOTA):
        world.hold(customer, owner)
    world.operator_hold(customer)
    world.freeze(mara, customer, BOTH, reason="<b>Late</b>")
    page = _page(_shown(world, mara, customer))
    for sentence in (
        "Frozen by default at association, since ",
        "Frozen because the budget is used up, since ",
        "Frozen because the partner’s consumption quota is used up, since ",
        "Frozen by the operator, since ",
        "Frozen by you, since ",
        "&lt;b&gt;Late&lt;/b&gt;",
        "GMT+08:00",
    ):
        assert sentence in page
    shown = _shown(world, mara, customer)
    assert (shown.state, shown.automatically_frozen) == ("Account and resources frozen", True)


def test_distributor_and_reseller_read_whose_hold_it_is(world) -> None:
    dina, leo, customer = world.cast.dina, world.cast.leo, world.lagoons
    world.freeze(dina, customer, BOTH)
    assert "Frozen by your distributor" in _page(_shown(world, leo, customer))
    assert "Frozen by you" in _page(_shown(world, dina, customer))
    assert (_shown(world, dina, customer).is_mine, _shown(world, leo, customer).is_mine) == (
        True,
        False,
    )
    world.authorize()
    world.unfreeze(leo, customer, BOTH)
    world.freeze(leo, customer)
    assert "Frozen by the reseller Lagoon" in _page(_shown(world, dina, customer))
    assert (_shown(world, dina, customer).is_mine, _shown(world, leo, customer).is_mine) == (
        False,
        True,
    )


def test_another_tenants_customer_is_not_found(world) -> None:
    for user in (world.cast.nora, world.cast.leo, world.cast.jun):
        with pytest.raises(NotFound):
            _shown(world, user, world.tidemarks)


@pytest.mark.requirement("04-D-21")
def test_manually_frozen_means_a_hold_of_partner_or_distributor(world) -> None:
    customer = world.lagoons
    world.hold(customer, HoldOwner.BUDGET)
    world.operator_hold(customer)
    assert not queries.is_manually_frozen(customer.pk)
    world.freeze(world.cast.dina, customer, BOTH)
    assert queries.is_manually_frozen(customer.pk)
    world.unfreeze(world.cast.dina, customer, BOTH)
    assert not queries.is_manually_frozen(customer.pk)
