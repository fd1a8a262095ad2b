"""Changing specification or size of a resource (04 matrix; D-07 when the price rises)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from catalog.models import Product
from catalog.queries import quotes
from partner_center import clock
from partner_center.actors import Actor
from resources.locks import lock_of_account
from resources.models import CloudResource
from resources.services import life

from ..choices import OrderType
from ..locks import lock_customer
from ..models import CustomerOrder, OrderItem
from ..permissions import BUY
from ..queries import held
from ..refusals.buying import NothingToChange, OnlyGrows, OtherProduct
from ..rules.refunds import Worth, at_paid_rate, change_of_price
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
    product, size = _wanted(resource, product_id, size)
    if resource.mode == BillingMode.PAY_PER_USE:
        guard.require(actor.account_id, Operation.CHANGE_USAGE)
        life.change(resource, product, size=size, moment=moment)
        record(actor, "changed", resource, moment)
        return None
    lines = difference(resource, product, size, moment)
    price = sum((line.list_amount for line in lines), Decimal(0))
    guard.require(actor.account_id, Operation.CHANGE_PERIOD, price=price)
    if price > 0:
        ends = min(moment + PAID_WITHIN, resource.expires_at or moment + PAID_WITHIN)
        head = writing.Head(OrderType.CHANGE, moment, pay_before=ends)
        return writing.write(actor, head, lines)
    order = refunding.close(actor, writing.Head(OrderType.CHANGE, moment), lines, {})
    life.change(resource, product, size=size, moment=moment, order_no=order.order_no)
    return order


def difference(
    resource: CloudResource, product: Product, size: int | None, moment: datetime
) -> list[writing.Line]:
    """What a change adds, a line for each paid term that is not over, at today's list prices."""
    items = [
        item for item in held.paid_terms([resource]) if item.order.order_type != OrderType.CHANGE
    ]
    lines = [_line(resource, item, product, size, moment) for item in items]
    return [line for line in lines if line.expires_at and line.expires_at > moment]


def _wanted(
    resource: CloudResource, product_id: int, size: int | None
) -> tuple[Product, int | None]:
    held.refuse_mode(resource, BillingMode.PAY_PER_USE, BillingMode.YEARLY_MONTHLY)
    held.refuse_expired(resource)
    held.refuse_pending([resource])
    found = next((row for row in held.changeable_to(resource) if row.pk == product_id), None)
    if found is None and product_id != resource.product_id:
        raise OtherProduct
    product = found or resource.product
    size = quotes.fitting_size(product, resource.size if size is None else size)
    if (product.pk, size) == (resource.product_id, resource.size):
        raise NothingToChange(str(resource))
    if size is not None and resource.size and size < resource.size:
        raise OnlyGrows(resource.size)
    return product, size


def _line(
    resource: CloudResource,
    item: OrderItem,
    product: Product,
    size: int | None,
    moment: datetime,
) -> writing.Line:
    listed = change_of_price(
        _each(resource, resource.product, resource.size, item.period, moment),
        _each(resource, product, size, item.period, moment),
        periods=item.period_count or 1,
        term=item.term,
        moment=moment,
    )
    worth = Worth(listed, listed) if listed > 0 else at_paid_rate(listed, [refunding.paid(item)])
    return writing.Line(
        product=product,
        region=resource.region,
        zone=resource.zone,
        resource=resource,
        name=resource.name,
        spec_text=life.spec_text(product),
        size=size,
        quantity=resource.quantity,
        period=item.period,
        period_count=item.period_count,
        list_amount=worth.listed,
        discount_amount=worth.discount,
        effective_at=max(item.term.starts, moment),
        expires_at=item.expires_at,
    )


def _each(
    resource: CloudResource, product: Product, size: int | None, period: str, moment: datetime
) -> Decimal:
    """Today's list price of one period of a product at this size, in USD."""
    quote = quotes.quote_renewal(
        product,
        resource.region,
        moment,
        period=period,
        periods=1,
        quantity=resource.quantity,
        size=size,
    )
    return quote.list_amount
