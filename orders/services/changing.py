"""Changing specification or size of a resource (04 matrix; D-07 when the price rises)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from catalog.models import Product
from partner_center import clock
from partner_center.actors import Actor
from resources.locks import lock_of_account
from resources.models import CloudResource
from resources.services import life

from ..choices import OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import changes
from . import refunding, writing
from .purchasing import record

#: A change is priced by the days that are left; its order does not wait longer than one of them.
PAID_WITHIN = timedelta(days=1)


@transaction.atomic(durable=True)
def change(
    actor: Actor, resource_id: int, product_id: int, size: int | None = None
) -> CustomerOrder | None:
    """Give a resource another specification of its type, or another size.

    Paid by use: at once, without an order. Yearly/monthly: the difference for the unused days of each
    paid term; a rising price is an order to be paid within a day, a falling one is given back at once.
    Raises NotFound, WrongMode, ResourceExpired, InPendingOrder, OtherProduct, OnlyGrows,
    NothingToChange, the catalogue's refusals and what the guard refuses.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    moment = clock.now()
    (resource,) = lock_of_account(actor.account_id, [resource_id])
    product, size = changes.wanted(resource, product_id, size)
    if resource.mode == BillingMode.PAY_PER_USE:
        guard.require(actor.account_id, Operation.CHANGE_USAGE)
        life.change(resource, product, size=size, moment=moment)
        record(actor, "changed", resource, moment)
        return None
    added = changes.difference(resource, product, size, moment)
    lines = [_line(resource, each, product, size) for each in added]
    price = sum((line.list_amount for line in lines), Decimal(0))
    guard.require(actor.account_id, Operation.CHANGE_PERIOD, price=price)
    if price > 0:
        ends = min(moment + PAID_WITHIN, resource.expires_at or moment + PAID_WITHIN)
        head = writing.Head(OrderType.CHANGE, moment, pay_before=ends)
        return writing.write(actor, head, lines)
    given_back = {number: line.lowers for number, line in enumerate(lines, 1) if line.lowers}
    order = refunding.close(actor, writing.Head(OrderType.CHANGE, moment), lines, given_back)
    life.change(resource, product, size=size, moment=moment, order_no=order.order_no)
    return order


def _line(
    resource: CloudResource, added: changes.Added, product: Product, size: int | None
) -> writing.Line:
    return writing.Line(
        product=product,
        region=resource.region,
        zone=resource.zone,
        resource=resource,
        name=resource.name,
        spec_text=life.spec_text(product),
        size=size,
        quantity=resource.quantity,
        period=added.item.period,
        period_count=added.item.period_count,
        list_amount=added.worth.listed,
        discount_amount=added.worth.discount,
        effective_at=added.starts,
        expires_at=added.item.expires_at,
        lowers=added.item if added.worth.listed < 0 else None,
    )
