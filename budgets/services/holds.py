"""Placing and releasing holds: the building blocks of every freeze, inside a caller's transaction.

The caller has locked the associations and has asked whatever permission its use case needs. Holds,
records, audit and messages are written together; the database derives the shown state.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

import audit.services
from customers.models import Association
from partner_center import copying
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
    """Who changes holds, whose doing it is, when, and why: one reason for all, or one for each."""

    actor: Actor
    origin: HoldOwner
    moment: datetime
    reason: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)

    def reason_for(self, association: Association) -> str:
        """Why this association is held or released."""
        return self.reasons.get(association.pk, self.reason)


@dataclass(frozen=True)
class Placement:
    """A hold to be placed on one locked association."""

    association: Association
    strength: Strength
    reason: str


def place(
    actor: Actor,
    associations: Sequence[Association],
    *,
    owner: HoldOwner,
    strength: Strength,
    reason: str,
    moment: datetime,
    tells: bool = True,
) -> list[Change]:
    """Place a hold of this owner on each locked association; returns what changed.

    As :func:`place_each`, with one strength and reason for all.
    """
    placements = [Placement(row, strength, reason) for row in associations]
    return place_each(actor, placements, owner=owner, moment=moment, tells=tells)


def place_each(
    actor: Actor,
    placements: Sequence[Placement],
    *,
    owner: HoldOwner,
    moment: datetime,
    tells: bool = True,
) -> list[Change]:
    """Place holds of this owner on locked associations; returns what changed.

    A customer that has one of the same owner, as strong or stronger, is left alone: no hold is ever
    weakened (04 D-15). A weaker one is replaced. The number of statements does not grow with the
    number of associations; without ``tells`` the caller sees to the messages.
    """
    reasons = {each.association.pk: each.reason for each in placements}
    doing = Doing(actor, owner, moment, reasons=reasons)
    held = _live(each.association for each in placements).filter(owner=owner)
    live = {hold.association_id: hold for hold in held}
    chosen = [
        each
        for each in placements
        if each.association.pk not in live
        or rules.is_stronger(each.strength, live[each.association.pk].strength)
    ]
    if not chosen:
        return []
    associations = [each.association for each in chosen]
    before = _states(associations)
    weaker = [live[row.pk].pk for row in associations if row.pk in live]
    _release(doing, FreezeHold.objects.filter(pk__in=weaker))
    copying.insert(FreezeHold, [_hold(doing, each) for each in chosen])
    actions = [rules.freezing(each.strength) for each in chosen]
    return _note(doing, associations, before, actions, tells=tells)


def release(
    actor: Actor,
    associations: Sequence[Association],
    *,
    owners: Collection[HoldOwner],
    origin: HoldOwner,
    reason: str,
    moment: datetime,
    closes: bool = False,
    tells: bool = True,
) -> list[Change]:
    """Release the live holds of these owners on each locked association; returns what changed.

    ``origin`` is the side that releases; ``closes`` says that they end with what they hung on;
    ``tells`` as in :func:`place_each`.
    """
    doing = Doing(actor, origin, moment, reason)
    live = _live(associations).filter(owner__in=owners)
    held = set(live.values_list("association_id", flat=True))
    chosen = [row for row in associations if row.pk in held]
    if not chosen:
        return []
    before = _states(chosen)
    _release(doing, live)
    actions = [
        FreezeAction.CLOSED if closes else rules.unfreezing(before[row.pk]) for row in chosen
    ]
    return _note(doing, chosen, before, actions, tells=tells)


def _live(associations: Iterable[Association]) -> QuerySet[FreezeHold]:
    return FreezeHold.objects.filter(
        association__in=[row.pk for row in associations], released_at=None
    )


def _hold(doing: Doing, placement: Placement) -> FreezeHold:
    association = placement.association
    days = timedelta(days=settings.RETENTION_DAYS)
    freezes = placement.strength == Strength.RESOURCES
    return FreezeHold(
        account_id=association.account_id,
        association=association,
        owner=doing.origin,
        strength=placement.strength,
        reason=placement.reason,
        placed_by_id=doing.actor.user_id,
        placed_at=doing.moment,
        retention_until=doing.moment + days if freezes else None,
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
    actions: Sequence[FreezeAction],
    *,
    tells: bool = True,
) -> list[Change]:
    """Write records, audit and messages of what was done to each association."""
    after, remaining = _states(associations), _remaining(associations)
    changes = [
        Change(row, before[row.pk], after[row.pk], remaining.get(row.pk, ()))
        for row in associations
    ]
    _move_resources(changes, doing.moment)
    records = FreezeRecord.objects.bulk_create(
        _record(doing, change, action) for change, action in zip(changes, actions, strict=True)
    )
    noted = list(zip(changes, records, strict=True))
    audit.services.record_each(
        doing.actor, [entry for pair in noted for entry in _entries(doing, *pair)]
    )
    if tells:
        _tell(doing, noted)
    return changes


def _tell(doing: Doing, noted: Iterable[tuple[Change, FreezeRecord]]) -> None:
    turns = [
        telling.Turn(change.association, record, set(change.remaining) == {HoldOwner.OPERATOR})
        for change, record in noted
        if change.before != change.after
    ]
    telling.tell_each(doing.actor, turns)


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
        reason=doing.reason_for(change.association),
        actor_id=doing.actor.user_id,
        actor_name=doing.actor.name[:128],
        at=doing.moment,
        code_verified=doing.actor.code_used,
    )


def _entries(doing: Doing, change: Change, record: FreezeRecord) -> Iterator[audit.services.Change]:
    """One audit record in the partner's book, one in the customer's, one in a distributor's own."""
    association = change.association
    books = {association.account_id, association.customer_id}
    if not doing.actor.is_operator:
        books.add(doing.actor.account_id)
    for account_id in sorted(books):
        yield audit.services.Change(
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
