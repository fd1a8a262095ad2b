"""Assigning, transferring and unassigning account managers: the use cases (04 §8.3.1.13, 8.3.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import SystemRole, UserStatus
from accounts.models import User
from audit.models import OperationRecord
from customers.choices import AssignmentOrigin, BatchKind, BatchStatus, RowOutcome
from customers.models import AssignmentBatchRow, Association, ManagerAssignment
from customers.queries import assignments as reads
from customers.queries import details
from customers.queries.associations import customers_of, list_customers
from customers.refusals import (
    AlreadyAssigned,
    ManagerLocked,
    NoAccountManager,
    NotAssigned,
    NothingToAssign,
    SameManager,
)
from customers.services import assignment_batches, assignments
from customers.services.operating import end_association
from partner_center.refusals import NotFound, NotPermitted

from ..accounts.organization import at_once, give, new_member
from . import portfolio

pytestmark = pytest.mark.django_db


def _of(cast, customer) -> Association:
    return Association.objects.live().get(customer=customer)


def _history(association) -> list[tuple[str, bool]]:
    rows = ManagerAssignment.objects.filter(association=association).order_by("pk")
    return [(row.manager.username, row.ended_at is None) for row in rows]


@pytest.mark.requirement("04-AMG-01", "04-ASG-05", "07-RAM-04")
def test_an_assigned_customer_is_seen_by_its_manager_at_once(cast) -> None:
    delta = _of(cast, cast.delta)
    assert delta not in list_customers(cast.actor(cast.jun))
    assignments.assign(cast.actor(cast.mara), delta.pk, manager_id=cast.jun.pk)
    assert delta in list_customers(cast.actor(cast.jun))
    record = OperationRecord.objects.filter(action="customers.manager.assigned").latest("pk")
    assert (record.before, record.after) == ({"manager": None}, {"manager": "j.lim"})


@pytest.mark.requirement("04-AMG-04", "04-CUD-11")
def test_a_new_manager_replaces_the_old_one_and_the_history_stays(cast) -> None:
    harborline = _of(cast, cast.harborline)
    assignments.assign(cast.actor(cast.mara), harborline.pk, manager_id=cast.rosa.pk)
    assert _history(harborline) == [("j.lim", False), ("r.santos", True)]
    shown = details.manager_history(harborline)
    assert [row.manager.username for row in shown] == ["r.santos", "j.lim"]


def test_who_may_not_be_given_customers_and_who_may_not_give_them(cast) -> None:
    delta = _of(cast, cast.delta)
    foreign = new_member(cast.actor(cast.nora), SystemRole.MANAGER, username="t.weber")
    for actor, manager, refusal in (
        (cast.mara, cast.felix, NoAccountManager),
        (cast.mara, foreign, NotFound),
        (cast.nora, foreign, NotFound),  # Delta is not Northgate's
        (cast.jun, cast.jun, NotPermitted),
        (cast.felix, cast.jun, NotPermitted),
    ):
        with pytest.raises(refusal):
            assignments.assign(cast.actor(actor), delta.pk, manager_id=manager.pk)
    assert _history(delta) == []


@pytest.mark.requirement("04-AMG-01", "04-AMG-02")
def test_a_locked_manager_gives_customers_away_and_gets_none(cast) -> None:
    mara, delta = cast.actor(cast.mara), _of(cast, cast.delta)
    User.objects.filter(pk=cast.jun.pk).update(status=UserStatus.LOCKED)
    assert cast.jun.pk not in {row.pk for row in reads.pick_managers(mara)}
    assert cast.jun.pk in {row.pk for row in reads.pick_sources(mara)}
    with pytest.raises(ManagerLocked, match="is locked and cannot sign in"):
        assignments.assign(mara, delta.pk, manager_id=cast.jun.pk)
    assert _history(delta) == []
    harborline = _of(cast, cast.harborline)
    batch = assignments.start_batch(
        mara, BatchKind.TRANSFER, None, manager_id=cast.rosa.pk, source_id=cast.jun.pk
    )
    assignment_batches.run(batch.pk)
    assert _history(harborline)[-1] == ("r.santos", True)


@pytest.mark.requirement("06-DAM-03")
def test_a_distributor_does_not_assign_its_resellers_customers(cast) -> None:
    association = portfolio.customers_of(cast.lagoon, 1, "oasis")[0]
    manager = new_member(cast.actor(cast.dina), SystemRole.MANAGER, username="l.nasser")
    with pytest.raises(NotFound):
        assignments.assign(cast.actor(cast.dina), association.pk, manager_id=manager.pk)
    own = new_member(cast.actor(cast.leo), SystemRole.MANAGER, username="y.saleh")
    assignments.assign(cast.actor(cast.leo), association.pk, manager_id=own.pk)
    assert _history(association) == [("y.saleh", True)]


@pytest.mark.requirement("04-ASG-01")
def test_a_director_gives_customers_to_its_own_managers_only(cast) -> None:
    harborline = _of(cast, cast.harborline)
    other = new_member(cast.actor(cast.mara), SystemRole.MANAGER, username="b.torres")
    rosa = cast.actor(cast.rosa)
    assert {user.username for user in reads.list_managers(rosa)} == {"j.lim", "r.santos"}
    with pytest.raises(NoAccountManager):
        assignments.assign(rosa, harborline.pk, manager_id=other.pk)
    assignments.assign(rosa, harborline.pk, manager_id=cast.rosa.pk)
    assert _history(harborline)[-1] == ("r.santos", True)


@pytest.mark.requirement("04-ASG-02", "06-DAM-01", "07-RASG-03")
def test_customer_assignment_refuses_customers_that_somebody_looks_after(cast) -> None:
    harborline, delta = _of(cast, cast.harborline), _of(cast, cast.delta)
    mara = cast.actor(cast.mara)
    with pytest.raises(AlreadyAssigned, match="harborline already has an account manager"):
        assignments.assign_unassigned(mara, [harborline.pk, delta.pk], manager_id=cast.rosa.pk)
    assert _history(delta) == []
    with pytest.raises(NothingToAssign):
        assignments.assign_unassigned(mara, [], manager_id=cast.rosa.pk)
    assignments.assign_unassigned(mara, [delta.pk], manager_id=cast.rosa.pk)
    assert _history(delta) == [("r.santos", True)]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)),
        # 23:59:59 on the last day, and 00:00:00 on the first, both in GMT+08:00
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)),
        (datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)),
    ],
)
@pytest.mark.requirement("04-ASG-03", "04-ASG-04", "06-DAM-02", "07-RASG-04", "07-RASG-05")
def test_an_unassignment_waits_for_the_first_of_next_month(cast, monkeypatch, now, first) -> None:
    harborline = _of(cast, cast.harborline)
    mara = cast.actor(cast.mara)
    monkeypatch.setattr("partner_center.clock.now", lambda: now)
    assert assignments.unassign(mara, [harborline.pk], manager_id=cast.jun.pk) == first
    monkeypatch.setattr("partner_center.clock.now", lambda: first - timedelta(seconds=1))
    assert harborline in list_customers(cast.actor(cast.jun))
    assert customers_of(cast.jun.pk) == 1
    # The day itself decides, not the job that writes it down.
    monkeypatch.setattr("partner_center.clock.now", lambda: first)
    assert harborline not in list_customers(cast.actor(cast.jun))
    assert customers_of(cast.jun.pk) == 0
    assert assignments.end_due(first) == 1
    assert assignments.end_due(first) == 0
    assert ManagerAssignment.objects.get(association=harborline).ended_at == first


def test_unassigning_twice_or_from_somebody_else_is_refused(cast) -> None:
    harborline, delta = _of(cast, cast.harborline), _of(cast, cast.delta)
    mara = cast.actor(cast.mara)
    for customers, manager in (([delta], cast.jun), ([harborline], cast.rosa)):
        with pytest.raises(NotAssigned):
            assignments.unassign(mara, [c.pk for c in customers], manager_id=manager.pk)
    with pytest.raises(NotAssigned):  # all or nothing
        assignments.unassign(mara, [harborline.pk, delta.pk], manager_id=cast.jun.pk)
    assert ManagerAssignment.objects.get(association=harborline).ends_at is None
    assignments.unassign(mara, [harborline.pk], manager_id=cast.jun.pk)
    with pytest.raises(NotAssigned):
        assignments.unassign(mara, [harborline.pk], manager_id=cast.jun.pk)


def test_a_customer_that_is_being_unassigned_can_be_given_away_at_once(cast) -> None:
    harborline = _of(cast, cast.harborline)
    mara = cast.actor(cast.mara)
    assignments.unassign(mara, [harborline.pk], manager_id=cast.jun.pk)
    assignments.assign(mara, harborline.pk, manager_id=cast.rosa.pk)
    assert _history(harborline) == [("j.lim", False), ("r.santos", True)]


@pytest.mark.requirement("04-AMG-02", "07-RAM-01")
def test_a_batch_says_what_it_did_with_each_customer(cast) -> None:
    harborline, delta = _of(cast, cast.harborline), _of(cast, cast.delta)
    gone = portfolio.customers_of(cast.tidemark, 1, "gone")[0]
    mara = cast.actor(cast.mara)
    batch = assignments.start_batch(
        mara,
        BatchKind.ASSIGN,
        [harborline.pk, delta.pk, gone.pk],
        manager_id=cast.jun.pk,
    )
    end_association(cast.actor(cast.olga), gone.pk, reason="closed")
    assignment_batches.run(batch.pk)
    rows = {
        row.association_id: (row.outcome, row.message)
        for row in AssignmentBatchRow.objects.filter(batch=batch)
    }
    assert rows == {
        harborline.pk: (RowOutcome.REFUSED, "J Lim looks after this customer already."),
        delta.pk: (RowOutcome.DONE, ""),
        gone.pk: (RowOutcome.REFUSED, "The customer is not associated with you any more."),
    }
    batch.refresh_from_db()
    assert (batch.status, batch.total, batch.done, batch.refused) == (
        BatchStatus.COMPLETED,
        3,
        1,
        2,
    )
    assert ManagerAssignment.objects.get(association=delta).origin == AssignmentOrigin.BATCH


@pytest.mark.requirement("04-CUS-06")
def test_a_transfer_moves_only_what_the_present_manager_has(cast) -> None:
    harborline, delta = _of(cast, cast.harborline), _of(cast, cast.delta)
    mara = cast.actor(cast.mara)
    with pytest.raises(SameManager):
        assignments.start_batch(
            mara, BatchKind.TRANSFER, None, manager_id=cast.jun.pk, source_id=cast.jun.pk
        )
    batch = assignments.start_batch(
        mara,
        BatchKind.TRANSFER,
        [harborline.pk, delta.pk],
        manager_id=cast.rosa.pk,
        source_id=cast.jun.pk,
    )
    assignment_batches.run(batch.pk)
    assert _history(harborline) == [("j.lim", False), ("r.santos", True)]
    assert _history(delta) == []
    refused = AssignmentBatchRow.objects.get(batch=batch, outcome=RowOutcome.REFUSED)
    assert refused.message == "Nobody looks after this customer."
    assert batch in reads.list_batches(mara)
    assert not reads.list_batches(cast.actor(cast.nora)).exists()


def test_a_transfer_of_everything_takes_all_customers_of_the_present_manager(cast) -> None:
    mara = cast.actor(cast.mara)
    batch = assignments.start_batch(
        mara, BatchKind.TRANSFER, None, manager_id=cast.rosa.pk, source_id=cast.jun.pk
    )
    assert batch.total == 1
    assignment_batches.run(batch.pk)
    with pytest.raises(NothingToAssign):
        assignments.start_batch(
            mara, BatchKind.TRANSFER, None, manager_id=cast.rosa.pk, source_id=cast.jun.pk
        )


def test_a_batch_takes_only_customers_that_the_actor_sees(cast) -> None:
    quarry = _of(cast, cast.quarry)
    mara = cast.actor(cast.mara)
    with pytest.raises(NothingToAssign):
        assignments.start_batch(mara, BatchKind.ASSIGN, [quarry.pk], manager_id=cast.jun.pk)
    batch = assignments.start_batch(
        mara, BatchKind.ASSIGN, [quarry.pk, _of(cast, cast.delta).pk], manager_id=cast.jun.pk
    )
    assert batch.total == 1
    with pytest.raises(NotFound):
        reads.get_batch(cast.actor(cast.nora), batch.pk)


def test_a_manager_who_lost_its_role_meanwhile_gets_nothing(cast) -> None:
    mara = cast.actor(cast.mara)
    delta = _of(cast, cast.delta)
    batch = assignments.start_batch(mara, BatchKind.ASSIGN, [delta.pk], manager_id=cast.jun.pk)
    give(mara, cast.jun, SystemRole.FINANCE)
    assignment_batches.run(batch.pk)
    [row] = AssignmentBatchRow.objects.filter(batch=batch)
    assert row.message == "J Lim is no account manager or account director any more."
    assert _history(delta) == []


def test_a_killed_batch_is_finished_by_the_next_run_and_repeats_nothing(cast, monkeypatch) -> None:
    rows = portfolio.customers_of(cast.tidemark, 7)
    mara = cast.actor(cast.mara)
    batch = assignments.start_batch(
        mara, BatchKind.ASSIGN, [row.pk for row in rows], manager_id=cast.jun.pk
    )
    finished = assignment_batches._note
    calls = []

    def dies(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise MemoryError
        finished(*args)

    monkeypatch.setattr(assignment_batches, "_note", dies)
    with pytest.raises(MemoryError):
        assignment_batches.run(batch.pk, chunk=3)
    assert ManagerAssignment.objects.filter(association__in=rows).count() == 3
    assert assignments.unfinished_batches(batch.created_at + timedelta(minutes=1)) == [batch.pk]
    assignment_batches.run(batch.pk, chunk=3)
    assignment_batches.run(batch.pk, chunk=3)
    batch.refresh_from_db()
    assert (batch.done, batch.refused) == (7, 0)
    assert ManagerAssignment.objects.filter(association__in=rows).count() == 7
    assert assignments.unfinished_batches(batch.created_at + timedelta(minutes=1)) == []


def test_a_batch_costs_a_handful_of_statements_for_each_chunk(cast) -> None:
    rows = portfolio.customers_of(cast.tidemark, 40)
    mara = cast.actor(cast.mara)
    batch = assignments.start_batch(
        mara, BatchKind.ASSIGN, [row.pk for row in rows], manager_id=cast.jun.pk
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assignment_batches.run(batch.pk, chunk=20)
    assert len(queries) <= 60, len(queries)


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_the_same_instant_one_holds_at_the_end(cast) -> None:
    delta = _of(cast, cast.delta)
    mara = cast.actor(cast.mara)
    at_once(
        partial(assignments.assign, mara, delta.pk, manager_id=cast.jun.pk),
        partial(assignments.assign, mara, delta.pk, manager_id=cast.rosa.pk),
    )
    live = ManagerAssignment.objects.filter(association=delta, ended_at=None)
    assert live.count() == 1
    assert ManagerAssignment.objects.filter(association=delta).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_batch_change_each_customer_once(cast) -> None:
    rows = portfolio.customers_of(cast.tidemark, 30)
    batch = assignments.start_batch(
        cast.actor(cast.mara), BatchKind.ASSIGN, [row.pk for row in rows], manager_id=cast.jun.pk
    )
    at_once(*[partial(assignment_batches.run, batch.pk, chunk=4)] * 3)
    batch.refresh_from_db()
    assert (batch.status, batch.done) == (BatchStatus.COMPLETED, 30)
    assert ManagerAssignment.objects.filter(association__in=rows).count() == 30
