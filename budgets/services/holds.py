"""Placing and releasing holds: the building blocks of every freeze, inside a caller's transaction.

The caller has locked the associations and has asked whatever permission its use case needs. Holds,
records, audit and messages are written together; the database derives the shown state.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

import audit.services
from customers.models import Association
from partner_center.actors import Actor
from resources.services import life

from ..choices import FreezeAction, FreezeStatus, HoldOwner, Strength
from ..models import FreezeHold, FreezeRecord, FreezeState
from ..rules import freezing as rules
from . import telling

#: The verb of each action in the audit trail.
_DONE = {
    FreezeAction.FREEZE_ACCOUNT: "frozen",
    FreezeAction.FREEZE_RESOURCES: "resources_frozen",
    FreezeAction.UNFREEZE_ACCOUNT: "unfrozen",
    FreezeAction.UNFREEZE_RESOURCES: "resources_unfrozen",
    FreezeAction.CLOSED: "freeze_closed",
}


@dataclass(frozen=True)
class Change:
    """What happened to one customer."""

    association: Association
    before: FreezeStatus
    after: FreezeStatus
    #: Owners of the holds that are live afterwards: why the customer is still frozen.
    remaining: tuple[HoldOwner, ...] = field(default=())


@dataclass(frozen=True)
class Doing:
    """Who changes holds, whose doing it is, why and when."""

    actor: Actor
    origin: HoldOwner
    reason: str
    moment: datetime


def place(
    actor: Actor,
    associations: Sequence[Association],
    *,
    owner: HoldOwner,
    strength: Strength,
    reason: str,
    moment: datetime,
) -> list[Change]:
    """Place a hold of this owner on each locked association; returns what changed.

    A customer that has one of the same owner, as strong or stronger, is left alone: no hold is ever
    weakened (04 D-15). A weaker one is replaced. The number of statements does not grow with the
    number of associations, those of audit and messages aside.
    """
    doing = Doing(actor, owner, reason, moment)
    live = {hold.association_id: hold for hold in _live(associations).filter(owner=owner)}
    chosen = [
        row
        for row in associations
        if row.pk not in live or rules.is_stronger(strength, live[row.pk].strength)
    ]
    if not chosen:
        return []
    before = _states(chosen)
    weaker = [live[row.pk].pk for row in chosen if row.pk in live]
    _release(doing, FreezeHold.objects.filter(pk__in=weaker))
    FreezeHold.objects.bulk_create(_hold(doing, row, strength) for row in chosen)
    return _note(doing, chosen, before, rules.freezing(strength))


def release(
    actor: Actor,
    associations: Sequence[Association],
    *,
    owners: Collection[HoldOwner],
    origin: HoldOwner,
    reason: str,
    moment: datetime,
    closes: bool = False,
) -> list[Change]:
    """Release the live holds of these owners on each locked association; returns what changed.

    ``origin`` is the side that releases; ``closes`` says that they end with what they hung on.
    """
    doing = Doing(actor, origin, reason, moment)
    live = _live(associations).filter(owner__in=owners)
    held = set(live.values_list("association_id", flat=True))
    chosen = [row for row in associations if row.pk in held]
    if not chosen:
        return []
    before = _states(chosen)
    _release(doing, live)
    return _note(doing, chosen, before, FreezeAction.CLOSED if closes else None)


def _live(associations: Iterable[Association]) -> QuerySet[FreezeHold]:
    return FreezeHold.objects.filter(
        association__in=[row.pk for row in associations], released_at=None
    )


def _hold(doing: Doing, association: Association, strength: Strength) -> FreezeHold:
    days = timedelta(days=settings.RETENTION_DAYS)
    return FreezeHold(
        account_id=association.account_id,
        association=association,
        owner=doing.origin,
        strength=strength,
        reason=doing.reason,
        placed_by_id=doing.actor.user_id,
        placed_at=doing.moment,
        retention_until=doing.moment + days if strength == Strength.RESOURCES else None,
    )


def _release(doing: Doing, holds: QuerySet[FreezeHold]) -> None:
    holds.update(released_at=doing.moment, released_by_id=doing.actor.user_id)


def _states(associations: Iterable[Association]) -> dict[int, FreezeStatus]:
    states = FreezeState.objects.filter(association__in=[row.pk for row in associations])
    return {key: FreezeStatus(state) for key, state in states.values_list("pk", "state")}


def _note(
    doing: Doing,
    associations: Sequence[Association],
    before: dict[int, FreezeStatus],
    action: FreezeAction | None,
) -> list[Change]:
    """Write records, audit and messages; without ``action`` it is an unfreeze."""
    after, remaining = _states(associations), _remaining(associations)
    changes = [
        Change(row, before[row.pk], after[row.pk], remaining.get(row.pk, ()))
        for row in associations
    ]
    _move_resources(changes, doing.moment)
    records = FreezeRecord.objects.bulk_create(
        _record(doing, change, action or rules.unfreezing(change.before)) for change in changes
    )
    for change, record in zip(changes, records, strict=True):
        _audit(doing, change, record)
        if change.before != change.after:
            by_operator = set(change.remaining) == {HoldOwner.OPERATOR}
            telling.tell(doing.actor, change.association, record, by_operator=by_operator)
    return changes


def _move_resources(changes: Sequence[Change], moment: datetime) -> None:
    """Resources stand still while account and resources are frozen, and run again afterwards."""
    both = FreezeStatus.RESOURCES
    stopped = [row for row in changes if row.after == both != row.before]
    moving = [row for row in changes if row.before == both != row.after]
    if stopped:
        life.freeze([row.association.customer_id for row in stopped], moment)
    if moving:
        life.unfreeze([row.association.customer_id for row in moving], moment)


def _remaining(associations: Iterable[Association]) -> dict[int, tuple[HoldOwner, ...]]:
    found: dict[int, tuple[HoldOwner, ...]] = {}
    for key, owner in _live(associations).order_by("pk").values_list("association_id", "owner"):
        found[key] = (*found.get(key, ()), HoldOwner(owner))
    return found


def _record(doing: Doing, change: Change, action: FreezeAction) -> FreezeRecord:
    return FreezeRecord(
        account_id=change.association.account_id,
        association=change.association,
        action=action,
        before=change.before,
        after=change.after,
        origin=doing.origin,
        reason=doing.reason,
        actor_id=doing.actor.user_id,
        actor_name=doing.actor.name[:128],
        at=doing.moment,
        code_verified=doing.actor.code_used,
    )


def _audit(doing: Doing, change: Change, record: FreezeRecord) -> None:
    """One audit record in the partner's book, one in the customer's, one in a distributor's own."""
    association = change.association
    books = {association.account_id, association.customer_id}
    if not doing.actor.is_operator:
        books.add(doing.actor.account_id)
    for account_id in sorted(books):
        audit.services.record(
            doing.actor,
            f"budgets.customer.{_DONE[FreezeAction(record.action)]}",
            association,
            before={"state": str(change.before)},
            after={
                "state": str(change.after),
                "origin": str(record.origin),
                "reason": record.reason,
                "live_holds": [str(owner) for owner in change.remaining],
            },
            account_id=account_id,
        )
