"""Unsubscribing: unused days are given back in a negative order, the resource is released (04 D-17)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import Refusal
from resources.choices import ReleaseCause
from resources.locks import lock_with_attached
from resources.models import CloudResource
from resources.services import life

from ..choices import OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import held
from ..refusals.buying import NoRenewalPeriod, NotUnsubscribable, ReasonTooLong
from . import refunding, writing
from .renewing import Renewed

LONGEST_REASON = 256


def unsubscribe(
    actor: Actor,
    resource_ids: Sequence[int],
    reason_type: str = "",
    reason: str = "",
    renewal_only: bool = False,
) -> Renewed:
    """Unsubscribe main resources with what is attached to them, each in an order of its own (B.24).

    ``renewal_only`` takes back renewals whose period has not begun; the resource stays. Possible while
    the account is frozen (04 matrix). A resource that is refused does not stand in the way of the
    others. Raises NotPermitted, NotFound, ReasonTooLong.
    """
    actor.require(BUY)
    if len(reason := reason.strip()) > LONGEST_REASON:
        raise ReasonTooLong
    held.require_own(actor, resource_ids)
    done = Renewed()
    for resource_id in dict.fromkeys(resource_ids):
        try:
            done.orders.append(_one(actor, resource_id, reason_type, reason, renewal_only))
        except Refusal as refusal:
            done.failed[resource_id] = refusal
    return done


@transaction.atomic(durable=True)
def _one(
    actor: Actor, resource_id: int, reason_type: str, reason: str, renewal_only: bool
) -> CustomerOrder:
    lock_customer(actor.account_id)
    moment = clock.now()
    resources = lock_with_attached(actor.account_id, [resource_id])
    main = next(row for row in resources if row.pk == resource_id)
    guard.require(actor.account_id, Operation.UNSUBSCRIBE)
    refuse(main, resources)
    bought = held.paid_terms(resources)
    head = writing.Head(
        OrderType.UNSUBSCRIPTION,
        moment,
        original=bought[0].order if bought else None,
        reason_type=reason_type,
        reason=reason,
    )
    if renewal_only:
        return _take_back_renewals(actor, head, main, resources)
    return give_back(actor, head, main, resources)


def give_back(
    actor: Actor, head: writing.Head, main: CloudResource, resources: list[CloudResource]
) -> CustomerOrder:
    """Release locked resources and give back what is not used up, in the caller's transaction."""
    bought = held.paid_terms(resources)
    lines, given_back = refunding.lines_of(resources, head.moment)
    order = refunding.close(
        actor, head, lines or [refunding.nothing(main, head.moment)], given_back
    )
    family = CloudResource.objects.filter(pk__in=[row.pk for row in resources])
    life.release(family, ReleaseCause.UNSUBSCRIBED, head.moment)
    refunding.mark_unsubscribed(bought)
    return order


def refuse(main: CloudResource, resources: list[CloudResource]) -> None:
    """Raise what stands in the way: NotMain, NotUnsubscribable, WrongMode, InPendingOrder."""
    held.refuse_attached(main)
    if main.mode == BillingMode.SAVINGS_PLAN:
        raise NotUnsubscribable(str(main))
    held.refuse_mode(main, *held.ORDERED)
    held.refuse_pending(resources)


def _take_back_renewals(
    actor: Actor, head: writing.Head, main: CloudResource, resources: list[CloudResource]
) -> CustomerOrder:
    """Give back every paid line whose term has not begun: renewals, and changes of these."""
    waiting = [item for item in held.paid_terms(resources) if item.term.starts > head.moment]
    if not waiting:
        raise NoRenewalPeriod(str(main))
    keys = {item.pk for item in waiting}
    lines, given_back = refunding.lines_of(resources, head.moment, only=keys)
    order = refunding.close(actor, head, lines, given_back)
    for row in resources:
        if begins := [item.term.starts for item in waiting if item.resource_id == row.pk]:
            life.cut_back(row, min(begins), head.moment)
    refunding.mark_unsubscribed(waiting)
    return order
