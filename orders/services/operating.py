"""Operating resources: start, stop, restart, rename, delete (04 matrix, 08-AUT-05)."""

from __future__ import annotations

from django.db import transaction

from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from partner_center import clock
from partner_center.actors import Actor
from resources.choices import ReleaseCause, ResourceStatus
from resources.locks import lock_of_account, lock_with_attached
from resources.models import CloudResource
from resources.queries import projects
from resources.services import life

from ..locks import lock_customer
from ..permissions import OPERATE_RESOURCES
from ..queries import held
from ..refusals.buying import NameMissing, StateHasChanged, WrongMode
from .purchasing import record

LONGEST_NAME = 64


@transaction.atomic(durable=True)
def start(actor: Actor, resource_id: int) -> CloudResource:
    """Start a stopped resource. Raises NotFound, StateHasChanged, what the guard refuses."""
    return _turn(actor, resource_id, ResourceStatus.STOPPED, ResourceStatus.RUNNING, "started")


@transaction.atomic(durable=True)
def stop(actor: Actor, resource_id: int) -> CloudResource:
    """Stop a running resource. Raises as :func:`start`."""
    return _turn(actor, resource_id, ResourceStatus.RUNNING, ResourceStatus.STOPPED, "stopped")


@transaction.atomic(durable=True)
def restart(actor: Actor, resource_id: int) -> CloudResource:
    """Restart a running resource. Raises as :func:`start`."""
    return _turn(actor, resource_id, ResourceStatus.RUNNING, ResourceStatus.RUNNING, "restarted")


@transaction.atomic(durable=True)
def rename(actor: Actor, resource_id: int, name: str) -> CloudResource:
    """Rename a resource; possible while only the account is frozen (04 matrix).

    Raises NotFound, NameMissing, what the guard refuses.
    """
    actor.require(OPERATE_RESOURCES)
    if not 1 <= len(name := name.strip()) <= LONGEST_NAME:
        raise NameMissing
    resource = _locked(actor, resource_id, Operation.RENAME)
    resource.name, resource.updated_at = name, clock.now()
    resource.save(update_fields=["name", "updated_at"])
    record(actor, "renamed", resource, resource.updated_at)
    return resource


@transaction.atomic(durable=True)
def move(actor: Actor, resource_id: int, project_id: int | None) -> CloudResource:
    """Put a resource and what is attached to it into another enterprise project; None: the default.

    What was charged so far stays where it was. Raises NotFound, NotMain, what the guard refuses.
    """
    actor.require(OPERATE_RESOURCES)
    resource = _locked(actor, resource_id, Operation.RENAME)
    held.refuse_attached(resource)
    project = projects.of_account(actor.account_id, project_id) if project_id else None
    moment = clock.now()
    life.move(lock_with_attached(actor.account_id, [resource.pk]), project, moment)
    resource.refresh_from_db(fields=["project"])
    record(actor, "moved", resource, moment)
    return resource


@transaction.atomic(durable=True)
def delete(actor: Actor, resource_id: int) -> None:
    """Delete what is paid by use, with what is attached to it; its data is gone.

    What was ordered is unsubscribed instead. Raises NotFound, WrongMode, InPendingOrder, what the
    guard refuses.
    """
    actor.require(OPERATE_RESOURCES)
    resource = _locked(actor, resource_id, Operation.DELETE)
    family = lock_with_attached(actor.account_id, [resource.pk])
    for row in family:
        held.refuse_mode(row, BillingMode.PAY_PER_USE)
    held.refuse_pending(family)
    moment = clock.now()
    rows = CloudResource.objects.filter(pk__in=[row.pk for row in family])
    life.release(rows, ReleaseCause.DELETED, moment)
    record(actor, "deleted", resource, moment)


def _turn(
    actor: Actor, resource_id: int, before: ResourceStatus, after: ResourceStatus, done: str
) -> CloudResource:
    actor.require(OPERATE_RESOURCES)
    resource = _locked(actor, resource_id, Operation.OPERATE)
    if resource.mode not in (BillingMode.PAY_PER_USE, BillingMode.YEARLY_MONTHLY):
        raise WrongMode(str(resource), str(resource.get_mode_display()))
    if resource.status != before:
        raise StateHasChanged(str(resource), str(resource.get_status_display()))
    resource.status, resource.updated_at = after, clock.now()
    resource.save(update_fields=["status", "updated_at"])
    record(actor, done, resource, resource.updated_at)
    return resource


def _locked(actor: Actor, resource_id: int, operation: Operation) -> CloudResource:
    lock_customer(actor.account_id)
    (resource,) = lock_of_account(actor.account_id, [resource_id])
    known = guard.restrictions_of(actor.account_id).about(is_frozen=resource.is_frozen)
    if refusal := known.refusal_for(operation):
        raise refusal
    return resource
