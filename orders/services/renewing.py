"""Renewing resources: one order for a main resource and what is attached to it (API B.23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import Refusal
from resources.locks import lock_with_attached
from resources.models import CloudResource

from ..choices import DiscountKind, OrderSource, OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import held, payments, renewals
from . import paying, writing


@dataclass
class Renewed:
    """What became of a request: the orders, and per resource why there is none."""

    orders: list[CustomerOrder] = field(default_factory=list)
    failed: dict[int, Refusal] = field(default_factory=dict)


def renew(
    actor: Actor, resource_ids: Sequence[int], period: str, count: int, pay_now: bool = False
) -> Renewed:
    """Renew main resources for ``count`` periods, each in an order of its own.

    ``pay_now`` pays at once; what cannot be paid stays pending. A resource that cannot be renewed
    does not stand in the way of the others. Raises NotPermitted, NotFound.
    """
    actor.require(BUY)
    held.require_own(actor, resource_ids)
    done = Renewed()
    for resource_id in dict.fromkeys(resource_ids):
        try:
            order = order_renewal(actor, resource_id, period, count)
            done.orders.append(order)
            if pay_now:
                paying.pay(actor, order.pk)
        except Refusal as refusal:
            done.failed[resource_id] = refusal
    return done


@transaction.atomic(durable=True)
def order_renewal(actor: Actor, resource_id: int, period: str, count: int) -> CustomerOrder:
    """Place the order that renews one main resource and what is attached to it.

    Raises NotFound, NotMain, WrongMode, NotRenewable, InPendingOrder, what the guard refuses and what
    ``catalog.queries.quotes`` raises.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    return write(actor, resource_id, period, count, clock.now())


def write(
    actor: Actor,
    resource_id: int,
    period: str,
    count: int,
    moment: datetime,
    *,
    source: OrderSource | None = None,
) -> CustomerOrder:
    """The same in the caller's transaction, the customer being locked."""
    resources = lock_with_attached(actor.account_id, [resource_id])
    held.refuse_attached(next(row for row in resources if row.pk == resource_id))
    resources = [row for row in resources if _renews(row, resource_id, moment)]
    held.refuse_pending(resources)
    lines = [_line(row, period, count, moment) for row in resources]
    price = sum((line.list_amount for line in lines), Decimal(0))
    guard.require(actor.account_id, Operation.RENEW, price=price)
    head = writing.Head(
        OrderType.RENEWAL, moment, pay_before=writing.pay_before(moment), source=source
    )
    return writing.write(actor, head, lines)


def pay_by_itself(actor: Actor, order: CustomerOrder, moment: datetime) -> CustomerOrder:
    """Pay a renewal that the system placed, with the partner's discount where there is one."""
    items = list(order.items.select_related("product"))
    choice = payments.choices_of(order, items, moment)[DiscountKind.PARTNER]
    kind = DiscountKind.NONE if choice.blocked else DiscountKind.PARTNER
    return paying.settle(actor, order, kind, moment)


def _renews(resource: CloudResource, main_id: int, moment: datetime) -> bool:
    """An attached resource that is paid by use has nothing to renew; the main one must."""
    if resource.pk == main_id:
        held.refuse_unrenewable(resource, moment)
    return resource.mode != BillingMode.PAY_PER_USE


def _line(resource: CloudResource, period: str, count: int, moment: datetime) -> writing.Line:
    term, _more = renewals.next_term(resource, period, count)
    return writing.Line(
        product=resource.product,
        region=resource.region,
        zone=resource.zone,
        resource=resource,
        name=resource.name,
        spec_text=resource.spec_text,
        size=resource.size,
        quantity=resource.quantity,
        period=period,
        period_count=count,
        list_amount=renewals.price_of(resource, period, count, moment),
        effective_at=term.starts,
        expires_at=term.ends,
    )
