"""The operator's own holds: placed and released in the admin (00 decision 1)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import NotFound

from ..choices import HoldOwner, Strength
from ..locks import lock_by_customer, lock_hold
from ..permissions import OPERATE_HOLDS
from ..refusals import HoldExists, NotAssociated
from . import holds
from .freezing import valid_reason
from .holds import Change


@critical_operation("budgets.place_operator_hold", _("Freeze a customer by the operator’s hold"))
def place_operator_hold(
    actor: Actor, *, customer_id: int, strength: Strength, reason: str
) -> Change:
    """Freeze a partner's customer by a hold that only the operator releases; a stronger one replaces.

    Raises ReasonMissing, ReasonTooLong, NotAssociated, HoldExists, NotFound.
    """
    actor.require(OPERATE_HOLDS)
    reason = valid_reason(reason)
    if (customer := Account.objects.filter(pk=customer_id).first()) is None:
        raise NotFound
    if (association := lock_by_customer(customer_id)) is None:
        raise NotAssociated(customer.title)
    changes = holds.place(
        actor,
        [association],
        owner=HoldOwner.OPERATOR,
        strength=strength,
        reason=reason,
        moment=clock.now(),
    )
    if not changes:
        raise HoldExists(customer.title)
    return changes[0]


@critical_operation("budgets.release_operator_hold", _("Release the operator’s hold on a customer"))
def release_operator_hold(actor: Actor, hold_id: int, *, reason: str) -> Change:
    """Release the operator's hold; other holds stay.

    Raises ReasonMissing, ReasonTooLong, and NotFound when it is released already or not the
    operator's.
    """
    actor.require(OPERATE_HOLDS)
    reason = valid_reason(reason)
    association = lock_hold(hold_id, owner=HoldOwner.OPERATOR)
    (change,) = holds.release(
        actor,
        [association],
        owners=[HoldOwner.OPERATOR],
        origin=HoldOwner.OPERATOR,
        reason=reason,
        moment=clock.now(),
    )
    return change
