"""Which state holds give, and who may change them."""

from __future__ import annotations

from collections.abc import Iterable

from ..choices import FreezeAction, FreezeStatus, HoldOwner, Strength

#: What the Unfreeze of whoever controls the customer releases; never the operator's or the quota's
#: (00 decision 1, 04-BFM-18, 06-PRM-15).
RELEASABLE = frozenset(
    {HoldOwner.DEFAULT, HoldOwner.PARTNER, HoldOwner.DISTRIBUTOR, HoldOwner.BUDGET}
)
#: Holds that exist because the partner pays: they end when the model is no longer Reseller.
OF_RESELLER_MODEL = RELEASABLE | {HoldOwner.QUOTA}
#: "Manually frozen" (04 D-21, D-59).
MANUAL = frozenset({HoldOwner.PARTNER, HoldOwner.DISTRIBUTOR})

_WEAKEST_FIRST = (FreezeStatus.NORMAL, FreezeStatus.ACCOUNT, FreezeStatus.RESOURCES)
_STATE_OF = {
    Strength.ACCOUNT: FreezeStatus.ACCOUNT,
    Strength.RESOURCES: FreezeStatus.RESOURCES,
}


def shown_state(strengths: Iterable[str]) -> FreezeStatus:
    """The state that is shown while holds of these strengths are live: that of the strongest."""
    states = (_STATE_OF[Strength(strength)] for strength in strengths)
    return max(states, key=_WEAKEST_FIRST.index, default=FreezeStatus.NORMAL)


def frozen_as(strength: str) -> FreezeStatus:
    """The state that one hold of this strength gives."""
    return _STATE_OF[Strength(strength)]


def is_stronger(strength: str, than: str) -> bool:
    """Whether a hold of the one strength closes more than one of the other."""
    return strength == Strength.RESOURCES and than == Strength.ACCOUNT


def is_stronger_state(state: str, than: str) -> bool:
    """Whether the one shown state closes more than the other."""
    return _WEAKEST_FIRST.index(FreezeStatus(state)) > _WEAKEST_FIRST.index(FreezeStatus(than))


def may_freeze_from(state: str, strength: str) -> bool:
    """Whether a freeze of this strength would change what is shown (04 "States")."""
    return _WEAKEST_FIRST.index(FreezeStatus(state)) < _WEAKEST_FIRST.index(frozen_as(strength))


def freezing(strength: str) -> FreezeAction:
    """What a freeze of this strength is called in its record."""
    if strength == Strength.RESOURCES:
        return FreezeAction.FREEZE_RESOURCES
    return FreezeAction.FREEZE_ACCOUNT


def unfreezing(state: str) -> FreezeAction:
    """What an unfreeze out of this state is called in its record."""
    if state == FreezeStatus.RESOURCES:
        return FreezeAction.UNFREEZE_RESOURCES
    return FreezeAction.UNFREEZE_ACCOUNT


def controller(
    *, has_distributor: bool, is_reseller: bool, is_authorized: bool
) -> HoldOwner | None:
    """Who controls budgets and freezing of a customer (06 core matrix, PRM-03 to PRM-08).

    Its partner, unless that is a reseller which its distributor did not authorize: then the
    distributor. None for a reseller without a distributor (06 C-28: the operator decides).
    """
    if not is_reseller or (has_distributor and is_authorized):
        return HoldOwner.PARTNER
    return HoldOwner.DISTRIBUTOR if has_distributor else None
