"""Freezing and unfreezing: states, holds, records, refusals (04 "Joined model", §8.3.1.5, 8.3.1.6)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import AccountStatus
from accounts.models import Account
from audit.models import OperationRecord
from budgets.choices import HoldOwner, Strength
from budgets.models import FreezeHold, FreezeRecord, FreezeState
from budgets.queries import holds as queries
from budgets.refusals import (
    FrozenByOperator,
    OnlyResellerModel,
    PartnerIsFrozen,
    ReasonMissing,
    ReasonTooLong,
    StateHasChanged,
    UnfreezeBoth,
)
from budgets.services import freezing, holds
from customers.choices import AssociationModel
from customers.models import Association
from customers.services import operating as associations
from customers.signals import association_type_changed
from notifications.models import Message, Notice
from partner_center import clock
from partner_center.refusals import CodeRequired, NotFound, Stale

from ..accounts.organization import at_once, refusals
from ..cast import _account, assemble
from ..customers.management import client_of
from .conftest import associate, build, code_for, live_owners, records_of, release_all, state_of

BOTH = Strength.RESOURCES

pytestmark = pytest.mark.django_db


# --- Association ------------------------------------------------------------------------------


@pytest.mark.requirement("04-RM-01", "08-CSA-14", "06-DFZ-05", "06-DOV-05", "07-RTM-12")
def test_a_customer_associated_in_the_reseller_model_begins_frozen(world) -> None:
    for association in (world.tidemarks, world.meridians, world.lagoons):
        assert state_of(association) == "account"
        assert live_owners(association) == ["default"]
        assert records_of(association) == [("freeze_account", "normal", "account", "default")]
        assert not FreezeState.objects.get(pk=association.pk).automatically_frozen


@pytest.mark.requirement("08-CSA-15")
def test_a_customer_associated_in_the_referral_model_is_not_frozen(cast) -> None:
    association = associate(
        cast, cast.tidemark, _account("fresh").account, model=AssociationModel.REFERRAL
    )
    assert (state_of(association), records_of(association)) == ("normal", [])


@pytest.mark.requirement("08-CSA-16")
def test_the_operator_associates_without_the_default_freeze_unless_it_says_so(cast) -> None:
    association = associations.associate(
        cast.actor(cast.olga),
        partner_id=cast.tidemark.pk,
        customer_id=_account("fresh").account.pk,
    )
    assert (state_of(association), live_owners(association)) == ("normal", [])
    created = OperationRecord.objects.filter(action="customers.association.created").first()
    assert created.after["default_freeze"] is False


@pytest.mark.requirement("08-X-27", "04-D-19")
def test_the_freeze_ends_with_the_association(world) -> None:
    customer = world.tidemarks
    world.freeze(world.cast.mara, customer, BOTH)
    world.operator_hold(customer)
    associations.end_association(world.cast.actor(world.cast.olga), customer.pk, reason="Ended")
    assert (state_of(customer), live_owners(customer)) == ("normal", [])
    assert records_of(customer)[-1] == ("closed", "resources", "normal", "operator")
    told = Notice.objects.filter(account_id=customer.customer_id, type="account_restriction")
    last = told.latest("pk")
    assert "no longer associated with Tidemark Cloud" in last.body
    again = associate(world.cast, world.cast.northgate, customer.customer)
    assert live_owners(again) == ["default"]


def test_holds_of_the_reseller_model_end_when_the_model_changes(world) -> None:
    customer = world.tidemarks
    world.hold(customer, HoldOwner.BUDGET, BOTH)
    world.hold(customer, HoldOwner.QUOTA)
    world.operator_hold(customer)
    Association.objects.filter(pk=customer.pk).update(model=AssociationModel.REFERRAL)
    customer.refresh_from_db()
    association_type_changed.send(
        Association,
        association=customer,
        before=AssociationModel.RESELLER,
        actor=world.cast.actor(world.cast.olga),
        moment=clock.now(),
    )
    assert (state_of(customer), live_owners(customer)) == ("account", ["operator"])
    assert not FreezeState.objects.get(pk=customer.pk).automatically_frozen


# --- Freeze -----------------------------------------------------------------------------------


@pytest.mark.requirement("04-FRZ-01", "04-BFM-18", "04-BFM-14", "04-FRZ-05")
def test_resources_are_frozen_on_top_of_the_default_freeze(world) -> None:
    before = clock.now()
    (change,) = world.freeze(world.cast.mara, world.tidemarks, BOTH, reason="  Unpaid  ")
    assert (change.before, change.after) == ("account", "resources")
    assert live_owners(world.tidemarks) == ["default", "partner"]
    hold = FreezeHold.objects.get(association=world.tidemarks, owner="partner")
    assert (hold.reason, hold.placed_by, hold.account) == (
        "Unpaid",
        world.cast.mara,
        world.cast.tidemark,
    )
    assert hold.retention_until - hold.placed_at == timedelta(days=15)
    record = FreezeRecord.objects.latest("pk")
    assert (record.actor, record.actor_name, record.reason) == (
        world.cast.mara,
        world.cast.mara.username,
        "Unpaid",
    )
    assert record.at >= before and not record.code_verified
    books = OperationRecord.objects.filter(action="budgets.customer.resources_frozen")
    assert {b.account_id for b in books} == {world.cast.tidemark.pk, world.tidemarks.customer_id}
    assert books[0].before == {"state": "account"} and books[0].after["state"] == "resources"


def test_a_stronger_freeze_replaces_the_weaker_of_the_same_owner(world) -> None:
    release_all(world, world.tidemarks)
    world.freeze(world.cast.mara, world.tidemarks)
    world.freeze(world.cast.mara, world.tidemarks, BOTH)
    assert live_owners(world.tidemarks) == ["partner"]
    assert [r[:3] for r in records_of(world.tidemarks)[-2:]] == [
        ("freeze_account", "normal", "account"),
        ("freeze_resources", "account", "resources"),
    ]


@pytest.mark.requirement("04-FRZ-03")
@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("", ReasonMissing), ("   ", ReasonMissing), ("x" * 257, ReasonTooLong)],
)
def test_a_reason_of_1_to_256_characters(world, reason, refusal) -> None:
    for act in (world.freeze, world.unfreeze):
        with pytest.raises(refusal) as caught:
            act(world.cast.mara, world.tidemarks, BOTH, reason=reason)
        assert caught.value.field == "reason"
    assert len(records_of(world.tidemarks)) == 1
    world.freeze(world.cast.mara, world.tidemarks, BOTH, reason="x" * 256)


def test_referral_customers_are_not_frozen(world) -> None:
    associate_to = _account("fresh-ref").account
    referral = associate(
        world.cast, world.cast.tidemark, associate_to, model=AssociationModel.REFERRAL
    )
    for act in (world.freeze, world.unfreeze):
        with pytest.raises(OnlyResellerModel, match="Only customers associated in the Reseller"):
            act(world.cast.mara, referral)
    # With one such customer the whole batch is refused.
    with pytest.raises(OnlyResellerModel):
        freezing.freeze(
            world.cast.actor(world.cast.mara),
            association_ids=[world.tidemarks.pk, referral.pk],
            strength=BOTH,
            reason="Late",
        )
    assert state_of(world.tidemarks) == "account"


def test_already_so_and_not_so_are_refused_without_a_record(world) -> None:
    mara, customer = world.cast.mara, world.tidemarks
    with pytest.raises(StateHasChanged, match=r"it is “Account frozen” now\. Reload the page\."):
        world.freeze(mara, customer)
    with pytest.raises(StateHasChanged):
        world.unfreeze(mara, customer, BOTH)
    world.freeze(mara, customer, BOTH)
    for strength in (Strength.ACCOUNT, BOTH):
        with pytest.raises(StateHasChanged):
            world.freeze(mara, customer, strength)
    world.unfreeze(mara, customer, BOTH)
    for strength in (Strength.ACCOUNT, BOTH):
        with pytest.raises(StateHasChanged):
            world.unfreeze(mara, customer, strength)
    assert len(records_of(customer)) == 3


def test_a_stale_page_is_refused(world) -> None:
    seen = queries.seen_of([world.tidemarks.pk])
    world.hold(world.tidemarks, HoldOwner.BUDGET)
    with pytest.raises(Stale):
        world.unfreeze(world.cast.mara, world.tidemarks, seen=seen)
    assert live_owners(world.tidemarks) == ["budget", "default"]
    world.unfreeze(world.cast.mara, world.tidemarks, seen=queries.seen_of([world.tidemarks.pk]))
    assert state_of(world.tidemarks) == "normal"


def test_several_customers_are_frozen_together_or_not_at_all(world) -> None:
    other = associate(world.cast, world.cast.tidemark, _account("second").account)
    both = [world.tidemarks.pk, other.pk]
    actor = world.cast.actor(world.cast.mara)
    freezing.unfreeze(actor, association_ids=both, strength="account", reason="Settled")
    assert (state_of(world.tidemarks), state_of(other)) == ("normal", "normal")
    world.freeze(world.cast.mara, other)
    with pytest.raises(StateHasChanged):
        freezing.freeze(actor, association_ids=both, strength="account", reason="Late")
    assert state_of(world.tidemarks) == "normal"
    with pytest.raises(NotFound):
        freezing.freeze(
            actor,
            association_ids=[*both, world.meridians.pk],
            strength=BOTH,
            reason="Late",
        )
    with pytest.raises(NotFound):
        freezing.freeze(actor, association_ids=[], strength=BOTH, reason="Late")


# --- Unfreeze ---------------------------------------------------------------------------------


@pytest.mark.requirement("04-BFM-18", "04-BFM-17", "04-D-59")
def test_one_unfreeze_releases_default_manual_and_budget_holds_together(world) -> None:
    customer = world.tidemarks
    world.hold(customer, HoldOwner.BUDGET)
    world.freeze(world.cast.mara, customer, BOTH)
    assert FreezeState.objects.get(pk=customer.pk).automatically_frozen
    assert live_owners(customer) == ["budget", "default", "partner"]
    (change,) = world.unfreeze(world.cast.mara, customer, BOTH)
    assert (change.before, change.after, change.remaining) == ("resources", "normal", ())
    assert not FreezeState.objects.get(pk=customer.pk).automatically_frozen
    assert records_of(customer)[-1] == ("unfreeze_resources", "resources", "normal", "partner")
    assert queries.still_frozen("Fresh", change.remaining) == ""


@pytest.mark.requirement("04-D-16")
def test_account_and_resources_are_unfrozen_together(world) -> None:
    world.freeze(world.cast.mara, world.tidemarks, BOTH)
    with pytest.raises(UnfreezeBoth, match="Use Unfreeze Account and Resources"):
        world.unfreeze(world.cast.mara, world.tidemarks)
    assert state_of(world.tidemarks) == "resources"


@pytest.mark.requirement("07-RUFZ-04")
def test_the_operators_hold_stays_and_the_message_says_so(world) -> None:
    world.operator_hold(world.tidemarks)
    (change,) = world.unfreeze(world.cast.mara, world.tidemarks)
    assert (change.after, change.remaining) == ("account", (HoldOwner.OPERATOR,))
    assert live_owners(world.tidemarks) == ["operator"]
    sentence = queries.still_frozen("Fresh Foods", change.remaining)
    assert sentence == (
        "Fresh Foods stays frozen: the operator has frozen it too. Contact the operator."
    )
    with pytest.raises(FrozenByOperator, match="is frozen by the operator"):
        world.unfreeze(world.cast.mara, world.tidemarks)
    assert live_owners(world.tidemarks) == ["operator"]


@pytest.mark.requirement("04-BFM-11", "04-D-53", "06-DX-12")
@pytest.mark.parametrize("whose", ["tidemarks", "meridians", "lagoons"])
def test_a_partner_over_its_quota_unfreezes_nobody(world, whose) -> None:
    customer = getattr(world, whose)
    user = {"tidemarks": world.cast.mara}.get(whose, world.cast.dina)
    world.hold(customer, HoldOwner.QUOTA)
    with pytest.raises(PartnerIsFrozen, match="Unfreezing failed"):
        world.unfreeze(user, customer)
    if whose == "lagoons":
        world.authorize()
        with pytest.raises(PartnerIsFrozen, match="the partner account is frozen"):
            world.unfreeze(world.cast.leo, customer)
    assert live_owners(customer) == ["default", "quota"]
    assert len(records_of(customer)) == 2


@pytest.mark.requirement("04-BFM-11", "06-DX-12")
def test_nobody_unfreezes_while_the_partner_or_its_distributor_is_suspended(world) -> None:
    world.authorize()
    for suspended, user, customer in (
        (world.cast.meridian, world.cast.leo, world.lagoons),
        (world.cast.tidemark, world.cast.mara, world.tidemarks),
    ):
        Account.objects.filter(pk=suspended.pk).update(status=AccountStatus.SUSPENDED)
        with pytest.raises(PartnerIsFrozen):
            world.unfreeze(user, customer)
        assert state_of(customer) == "account"


# --- Building blocks for budget and quota -----------------------------------------------------


@pytest.mark.requirement("04-BFM-07", "04-D-15", "04-BFM-18")
def test_a_budget_hold_adds_to_a_freeze_and_never_weakens_it(world) -> None:
    customer = world.tidemarks
    (change,) = world.hold(customer, HoldOwner.BUDGET)
    assert (change.before, change.after) == ("account", "account")
    assert FreezeState.objects.get(pk=customer.pk).automatically_frozen
    assert world.hold(customer, HoldOwner.BUDGET) == []
    (change,) = world.hold(customer, HoldOwner.BUDGET, BOTH)
    assert change.after == "resources"
    assert world.hold(customer, HoldOwner.BUDGET, Strength.ACCOUNT) == []
    assert state_of(customer) == "resources"
    assert [r[0] for r in records_of(customer)] == [
        "freeze_account",
        "freeze_account",
        "freeze_resources",
    ]


def test_placing_on_many_customers_is_a_handful_of_statements(world) -> None:
    """Audit and messages aside, which are per customer: here the state does not change."""
    rows = [world.tidemarks, world.meridians, world.lagoons]
    with CaptureQueriesContext(connection) as one:
        world.hold(rows[0], HoldOwner.QUOTA)
    with CaptureQueriesContext(connection) as many:
        holds.place(
            world.cast.actor(world.cast.olga),
            rows[1:],
            owner=HoldOwner.QUOTA,
            strength=Strength.ACCOUNT,
            reason="Over quota",
            moment=clock.now(),
        )

    def without_audit(captured) -> int:
        return sum('"audit_' not in query["sql"] for query in captured)

    assert without_audit(many) == without_audit(one)


# --- Codes, books, messages -------------------------------------------------------------------


@pytest.mark.requirement("04-FRZ-04")
def test_freezing_asks_for_a_code_when_verify_its_you_is_on(world) -> None:
    Account.objects.filter(pk=world.cast.tidemark.pk).update(verifies=True)
    with pytest.raises(CodeRequired):
        world.freeze(world.cast.mara, world.tidemarks, BOTH)
    with pytest.raises(CodeRequired):
        world.unfreeze(world.cast.mara, world.tidemarks)
    assert len(records_of(world.tidemarks)) == 1
    actor = world.cast.actor(world.cast.mara)
    call = {"association_ids": [world.tidemarks.pk], "reason": "Late"}
    freezing.freeze(actor.with_code(code_for(actor, "budgets.freeze")), strength=BOTH, **call)
    assert FreezeRecord.objects.latest("pk").code_verified
    freezing.unfreeze(actor.with_code(code_for(actor, "budgets.unfreeze")), strength=BOTH, **call)
    assert state_of(world.tidemarks) == "normal"


@pytest.mark.requirement("04-BFM-14")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_freezerecord SET reason = 'x'",
        "DELETE FROM budgets_freezerecord",
    ],
)
def test_freeze_records_are_append_only(world, statement) -> None:
    before = list(FreezeRecord.objects.order_by("pk").values())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(FreezeRecord.objects.order_by("pk").values()) == before


@pytest.mark.requirement("04-FRZ-05", "07-RTM-12")
def test_customer_and_partner_are_told_when_the_state_changes(world) -> None:
    customer, cast = world.lagoons, world.cast
    told = Notice.objects.filter(account_id=customer.customer_id, type="account_restriction")
    assert told.get().title == "Your account is frozen"
    assert "Contact your partner Lagoon" in told.get().body
    world.hold(customer, HoldOwner.BUDGET)  # the shown state stays: nobody is told
    assert told.count() == 1
    world.unfreeze(cast.dina, customer, reason="Paid")
    assert told.latest("pk").title == "Your account is unfrozen"
    heard = Notice.objects.filter(type="customer_freeze")
    assert list(heard.values_list("account_id", flat=True)) == [cast.lagoon.pk]
    assert heard.get().title == "Reef Dive: Normal"
    assert "By: Distributor. Reason: Paid" in heard.get().body
    world.operator_hold(customer)
    assert set(heard.values_list("account_id", flat=True)) == {cast.lagoon.pk, cast.meridian.pk}
    for user in (cast.leo, cast.dina):
        link = heard.filter(account=user.account_id).latest("pk").link
        assert customer.customer.name in client_of(user).get(link).content.decode()
    assert "Contact the operator" in told.latest("pk").body


def test_account_managers_are_told_of_their_own_customers_only(world) -> None:
    jun = world.cast.jun
    for customer in (world.cast.harborline, world.cast.delta):
        world.operator_hold(world.of(customer))
    told = Message.objects.filter(user=jun, notice__type="customer_freeze")
    assert [message.notice.title for message in told] == ["Harborline: Account frozen"]
    everybody = Message.objects.filter(user=world.cast.mara, notice__type="customer_freeze")
    assert everybody.count() == 2
    directors = Message.objects.filter(user=world.cast.rosa, notice__type="customer_freeze")
    assert directors.count() == 1


# --- Two at once ------------------------------------------------------------------------------


@pytest.mark.requirement("04-BFM-16")
@pytest.mark.django_db(transaction=True)
def test_freeze_and_unfreeze_at_once_leave_a_state_that_agrees(db) -> None:
    world = build(assemble())
    calls = [
        partial(world.unfreeze, world.cast.mara, world.tidemarks),
        partial(world.freeze, world.cast.mara, world.tidemarks, BOTH),
    ]
    answers = at_once(*calls)
    owners, state = live_owners(world.tidemarks), state_of(world.tidemarks)
    # Unfreeze first: then both are frozen anew. Freeze first: Unfreeze Account is refused.
    assert state == "resources"
    if refusals(answers):
        assert refusals(answers) == ["budgets.unfreeze.both"]
        assert owners == ["default", "partner"]
    else:
        assert owners == ["partner"]


@pytest.mark.requirement("04-BFM-16")
@pytest.mark.django_db(transaction=True)
def test_two_unfreeze_at_once_and_one_is_told_that_the_state_has_changed(db) -> None:
    world = build(assemble())
    call = partial(world.unfreeze, world.cast.mara, world.tidemarks)
    assert refusals(at_once(call, call)) == ["budgets.freeze.state_has_changed"]
    assert len(records_of(world.tidemarks)) == 2


@pytest.mark.django_db(transaction=True)
def test_operator_and_partner_at_once_lose_nothing(db) -> None:
    world = build(assemble())
    answers = at_once(
        partial(world.operator_hold, world.tidemarks, BOTH),
        partial(world.freeze, world.cast.mara, world.tidemarks, BOTH),
    )
    assert state_of(world.tidemarks) == "resources"
    if refusals(answers):  # the operator was first: the state is so already
        assert refusals(answers) == ["budgets.freeze.state_has_changed"]
        assert live_owners(world.tidemarks) == ["default", "operator"]
    else:
        assert live_owners(world.tidemarks) == ["default", "operator", "partner"]
