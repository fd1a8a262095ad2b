"""Freezing and unfreezing by whoever controls the customer (04 §8.3.1.5, 8.3.1.6)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from customers.choices import AssociationModel
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.stale import refuse_stale

from ..choices import FreezeStatus, HoldOwner, Strength
from ..locks import lock_reachable
from ..models import FreezeState
from ..permissions import FREEZE_CUSTOMERS
from ..queries import control
from ..queries import holds as queries
from ..refusals import (
    FrozenByOperator,
    OnlyResellerModel,
    PartnerIsFrozen,
    ReasonMissing,
    ReasonTooLong,
    StateHasChanged,
    UnfreezeBoth,
)
from ..rules import freezing as rules
from . import holds
from .holds import Change

LONGEST_REASON = 256
#: Marks of what asks for a code; the API carries the same out for each customer by itself.
FREEZE = critical_operation("budgets.freeze", _("Freeze customers"))
UNFREEZE = critical_operation("budgets.unfreeze", _("Unfreeze customers"))


@FREEZE
def freeze(
    actor: Actor,
    *,
    association_ids: Collection[int],
    strength: Strength,
    reason: str,
    seen: str | None = None,
) -> list[Change]:
    """Freeze Account, or Freeze Account and Resources, of all these customers or of none.

    ``seen`` is ``queries.holds.seen_of`` when the page was shown, None where nothing was shown (API).
    Raises ReasonMissing, ReasonTooLong, OnlyResellerModel, ManagedByReseller, NeedsDistributor,
    StateHasChanged, Stale, NotFound.
    """
    return carry_out_freeze(
        actor,
        association_ids=association_ids,
        strength=strength,
        reason=valid_reason(reason),
        seen=seen,
        moment=clock.now(),
    )


def carry_out_freeze(
    actor: Actor,
    *,
    association_ids: Collection[int],
    strength: Strength,
    reason: str,
    moment: datetime,
    seen: str | None = None,
    tells: bool = True,
) -> list[Change]:
    """:func:`freeze` in the caller's transaction; the rehearsal of a dialog calls it too and ``tells``
    nobody."""
    actor.require(FREEZE_CUSTOMERS)
    associations = lock_reachable(actor, association_ids)
    sides = _controlled(actor, associations)
    for association, state in _states(associations):
        if not rules.may_freeze_from(state, strength):
            raise StateHasChanged(association.customer.title, state)
    _refuse_stale(seen, associations)
    return [
        change
        for side in sorted(set(sides.values()))
        for change in holds.place(
            actor,
            [row for row in associations if sides[row.pk] == side],
            owner=side,
            strength=strength,
            reason=reason,
            moment=moment,
            tells=tells,
        )
    ]


@UNFREEZE
def unfreeze(
    actor: Actor,
    *,
    association_ids: Collection[int],
    strength: Strength,
    reason: str,
    seen: str | None = None,
) -> list[Change]:
    """Unfreeze Account, or Unfreeze Account and Resources, of all these customers or of none.

    Releases default, manual and budget holds together, never the operator's or the quota's: a customer
    may stay frozen, and ``Change.remaining`` says by whom (04-BFM-18, 07-RUFZ-04). ``seen``: as
    :func:`freeze`. Raises what :func:`freeze` raises, and UnfreezeBoth, PartnerIsFrozen,
    FrozenByOperator.
    """
    return carry_out_unfreeze(
        actor,
        association_ids=association_ids,
        strength=strength,
        reason=valid_reason(reason),
        seen=seen,
        moment=clock.now(),
    )


def carry_out_unfreeze(
    actor: Actor,
    *,
    association_ids: Collection[int],
    strength: Strength,
    reason: str,
    moment: datetime,
    seen: str | None = None,
    tells: bool = True,
) -> list[Change]:
    """:func:`unfreeze` in the caller's transaction; the rehearsal of a dialog calls it too and
    ``tells`` nobody."""
    actor.require(FREEZE_CUSTOMERS)
    associations = lock_reachable(actor, association_ids)
    sides = _controlled(actor, associations)
    _refuse_other_state(associations, strength)
    _refuse_frozen_partner(actor, associations)
    _refuse_stale(seen, associations)
    changes = [
        change
        for side in sorted(set(sides.values()))
        for change in holds.release(
            actor,
            [row for row in associations if sides[row.pk] == side],
            owners=rules.RELEASABLE,
            origin=side,
            reason=reason,
            moment=moment,
            tells=tells,
        )
    ]
    _refuse_untouched(associations, changes)
    return changes


def valid_reason(reason: str) -> str:
    """The reason as it is kept: 1 to 256 characters. Raises ReasonMissing, ReasonTooLong."""
    if not (reason := reason.strip()):
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(len(reason))
    return reason


def _controlled(actor: Actor, associations: list[Association]) -> dict[int, HoldOwner]:
    for association in associations:
        if association.model != AssociationModel.RESELLER:
            raise OnlyResellerModel(association.customer.title)
    return control.require_control(actor, associations)


def _states(associations: list[Association]) -> list[tuple[Association, str]]:
    found = FreezeState.objects.in_bulk([row.pk for row in associations])
    return [(row, found[row.pk].state) for row in associations]


def _refuse_other_state(associations: list[Association], strength: Strength) -> None:
    for association, state in _states(associations):
        if state == rules.frozen_as(strength):
            continue
        if state == FreezeStatus.RESOURCES:
            raise UnfreezeBoth(association.customer.title)
        raise StateHasChanged(association.customer.title, state)


def _refuse_frozen_partner(actor: Actor, associations: list[Association]) -> None:
    restricted = control.restricted_payers(associations)
    for association in associations:
        if association.pk in restricted:
            own = association.account_id == actor.account_id
            raise PartnerIsFrozen(own=own and actor.partner_kind != PartnerKind.RESELLER)


def _refuse_untouched(associations: list[Association], changes: list[Change]) -> None:
    """Frozen by the operator alone: there is nothing that the partner may release."""
    released = {change.association.pk for change in changes}
    for association in associations:
        if association.pk not in released:
            raise FrozenByOperator(association.customer.title)


def _refuse_stale(seen: str | None, associations: list[Association]) -> None:
    if seen is not None:
        refuse_stale(seen, queries.seen_of([row.pk for row in associations]))
