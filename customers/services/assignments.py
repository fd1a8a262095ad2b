"""Account managers and their customers: assign, transfer, unassign (04 §8.3.1.13, 8.3.2).

A new assignment holds at once and closes the one before; an unassignment waits for the 1st of the
next month, GMT+08:00 (D-39). What touches many customers is a batch: its rows are written in the
request, a task works them off in chunks, each in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Least

import audit.services
from accounts import locks as account_locks
from accounts.models import User
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssignmentOrigin, BatchKind, BatchStatus
from ..locks import lock_own_associations
from ..models import (
    AssignmentBatch,
    AssignmentBatchRow,
    Association,
    ManagerAssignment,
)
from ..permissions import ASSIGN_CUSTOMERS
from ..queries import assignments as reads
from ..refusals import (
    AlreadyAssigned,
    ManagerLocked,
    NoAccountManager,
    NotAssigned,
    NothingToAssign,
    SameManager,
)
from ..rules.attribution import attribution_end
from ..signals import customers_assigned

#: Customers in one batch.
MOST_CUSTOMERS = 20_000
RUN_TASK = "customers.run_assignment_batch"


@transaction.atomic(durable=True)
def assign(actor: Actor, association_id: int, *, manager_id: int) -> ManagerAssignment:
    """Let somebody look after a customer from now on, whoever did so before (04-AMG-01).

    Raises NotFound, NoAccountManager.
    """
    actor.require(ASSIGN_CUSTOMERS)
    manager = lock_manager(actor, manager_id)
    [association] = lock_own_associations(actor, [association_id])
    moment = clock.now()
    before = _usernames([association])
    [assignment] = replace(
        [association], manager, origin=AssignmentOrigin.SINGLE, by=actor.user_id, moment=moment
    )
    audit.services.record(
        actor,
        "customers.manager.assigned",
        association,
        before={"manager": before.get(association.pk)},
        after={"manager": manager.username},
    )
    _send_assigned([assignment], manager)
    return assignment


@transaction.atomic(durable=True)
def assign_unassigned(actor: Actor, association_ids: Iterable[int], *, manager_id: int) -> int:
    """Give customers that nobody looks after to a manager; returns how many (04-ASG-02).

    Raises NotFound, NoAccountManager, NothingToAssign, AlreadyAssigned.
    """
    actor.require(ASSIGN_CUSTOMERS)
    manager = lock_manager(actor, manager_id)
    associations = lock_own_associations(actor, association_ids)
    if not associations:
        raise NothingToAssign
    taken = set(_live_of(associations).values_list("association_id", flat=True))
    if taken:
        raise AlreadyAssigned([a.customer.name for a in associations if a.pk in taken])
    assigned = replace(
        associations,
        manager,
        origin=AssignmentOrigin.SINGLE,
        by=actor.user_id,
        moment=clock.now(),
    )
    audit.services.record(
        actor,
        "customers.manager.assigned",
        manager,
        after={"manager": manager.username, "associations": [a.pk for a in associations]},
    )
    _send_assigned(assigned, manager)
    return len(associations)


@transaction.atomic(durable=True)
def unassign(actor: Actor, association_ids: Iterable[int], *, manager_id: int) -> datetime:
    """End the manager's assignments on the 1st of next month; returns that moment (04-ASG-04).

    All or nothing. Raises NotFound, NothingToAssign, NotAssigned.
    """
    actor.require(ASSIGN_CUSTOMERS)
    manager = reads.managers_for(actor).filter(pk=manager_id).first()
    associations = lock_own_associations(actor, association_ids)
    if manager is None:
        raise NotFound
    if not associations:
        raise NothingToAssign
    moment = clock.now()
    ends_at = attribution_end(moment)
    active = _live_of(associations).filter(manager=manager, ends_at=None)
    ending = set(active.values_list("association_id", flat=True))
    if missing := [a.customer.name for a in associations if a.pk not in ending]:
        raise NotAssigned(missing)
    active.update(ends_at=ends_at)
    audit.services.record(
        actor,
        "customers.manager.unassigned",
        manager,
        after={
            "manager": manager.username,
            "associations": [a.pk for a in associations],
            "ends_at": ends_at.isoformat(),
        },
    )
    return ends_at


@transaction.atomic(durable=True)
def start_batch(
    actor: Actor,
    kind: BatchKind,
    association_ids: Iterable[int] | None,
    *,
    manager_id: int | None = None,
    source_id: int | None = None,
) -> AssignmentBatch:
    """Write a batch and its rows and send its task; ``None`` means all customers of the source.

    Raises NotFound, NoAccountManager, SameManager, NothingToAssign.
    """
    actor.require(ASSIGN_CUSTOMERS)
    if kind == BatchKind.TRANSFER and manager_id == source_id:
        raise SameManager
    batch = AssignmentBatch.objects.create(
        account_id=actor.account_id,
        kind=kind,
        manager=lock_manager(actor, manager_id) if manager_id else None,
        source=_source(actor, source_id) if source_id else None,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        total=0,
    )
    batch.total = _write_rows(actor, batch, association_ids)
    if not batch.total:
        raise NothingToAssign
    batch.save(update_fields=["total"])
    audit.services.record(
        actor,
        "customers.assignment_batch.created",
        batch,
        after={
            "kind": str(kind),
            "manager": batch.manager.username if batch.manager else None,
            "from": batch.source.username if batch.source else None,
            "customers": batch.total,
        },
    )
    transaction.on_commit(partial(_send, batch.pk), robust=True)
    return batch


@transaction.atomic(durable=True)
def end_due(moment: datetime) -> int:
    """Write the end of assignments whose day has come; returns how many. Safe to repeat."""
    due = ManagerAssignment.objects.filter(ended_at=None, ends_at__lte=moment)
    return due.update(ended_at=F("ends_at"))


def replace(
    associations: list[Association],
    manager: User,
    *,
    origin: AssignmentOrigin,
    by: int | None,
    moment: datetime,
) -> list[ManagerAssignment]:
    """Close what holds and let the manager look after these locked associations from now on."""
    open_rows = ManagerAssignment.objects.filter(association__in=associations, ended_at=None)
    open_rows.update(ended_at=Least(Coalesce(F("ends_at"), moment), moment))
    return ManagerAssignment.objects.bulk_create(
        ManagerAssignment(
            account_id=association.account_id,
            association=association,
            manager=manager,
            origin=origin,
            assigned_by_id=by,
            started_at=moment,
        )
        for association in associations
    )


def _send_assigned(assigned: list[ManagerAssignment], manager: User) -> None:
    customers_assigned.send(
        sender=ManagerAssignment,
        association_ids=[row.association_id for row in assigned],
        manager=manager,
        event=f"assignment:{assigned[0].pk}",
    )


def lock_manager(actor: Actor, manager_id: int) -> User:
    """An account manager or director whom the actor may give customers to, locked.

    Raises NotFound for others' members, NoAccountManager for members without the role,
    ManagerLocked for whoever cannot sign in.
    """
    manager = account_locks.lock_user(manager_id)
    if manager.account_id != actor.account_id or manager.deleted_at:
        raise NotFound
    if not reads.managers_for(actor).filter(pk=manager_id).exists():
        raise NoAccountManager(str(manager))
    if not manager.is_active:
        raise ManagerLocked(str(manager))
    return manager


def _source(actor: Actor, source_id: int) -> User:
    """Who looked after the customers: also somebody who has lost the role."""
    found = User.objects.visible_to(actor).filter(pk=source_id).first()
    if found is None:
        raise NotFound
    return found


def _live_of(associations: list[Association]) -> QuerySet[ManagerAssignment]:
    return ManagerAssignment.objects.live().filter(association__in=associations)


def _usernames(associations: list[Association]) -> dict[int, str]:
    return dict(_live_of(associations).values_list("association_id", "manager__username"))


def _write_rows(actor: Actor, batch: AssignmentBatch, association_ids: Iterable[int] | None) -> int:
    visible = Association.objects.visible_to(actor).live()
    if association_ids is None:
        held = ManagerAssignment.objects.live().filter(manager=batch.source)
        visible = visible.filter(pk__in=held.values("association_id"))
    else:
        visible = visible.filter(pk__in=list(association_ids))
    ids = visible.order_by("pk").values_list("pk", flat=True)[:MOST_CUSTOMERS]
    rows = [
        AssignmentBatchRow(account_id=batch.account_id, batch=batch, association_id=pk)
        for pk in ids
    ]
    AssignmentBatchRow.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


def _send(batch_id: int) -> None:
    """By name, because the task imports these services; a lost message is the sweep's."""
    current_app.send_task(RUN_TASK, args=[batch_id], retry=False)


def unfinished_batches(before: datetime) -> list[int]:
    """Batches that nobody may be working on any more, for the sweep."""
    found = AssignmentBatch.objects.exclude(status=BatchStatus.COMPLETED)
    return list(found.filter(created_at__lt=before).values_list("pk", flat=True))
