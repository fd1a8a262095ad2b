"""Paying an order, and what happens then: resources are provided, renewed, changed or converted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from audit.choices import TraceName
from budgets.queries import guard
from catalog.choices import BillingMode
from catalog.rules.pricing import EXACT
from customers.choices import AssociationModel
from partner_center import clock
from partner_center.actors import Actor
from resources.choices import ResourceStatus
from resources.locks import lock_of_account
from resources.models import CloudResource
from resources.rules import terms
from resources.services import life

from ..choices import DiscountKind, OrderStatus, OrderType, PaymentMethod
from ..locks import lock_customer, lock_own_order
from ..models import CustomerOrder, OrderItem
from ..permissions import BUY
from ..queries import held, payments
from ..refusals.buying import (
    DiscountExcluded,
    DiscountNotUsable,
    OrderNotPending,
    PaymentOverdue,
    ResourceChanged,
)
from ..signals import order_settled
from . import charging, writing


@transaction.atomic(durable=True)
def pay(
    actor: Actor, order_id: int, discount: DiscountKind | str = DiscountKind.NONE
) -> CustomerOrder:
    """Pay an order of the actor's account with at most one discount (08-CSN-03 to CSN-09).

    In the Reseller model the partner settles it with its monthly bill, and no discount exists; a
    customer of the Referral model pays in cash. An adjusted price stands for itself. Raises NotFound,
    OrderNotPending, PaymentOverdue, DiscountNotUsable, DiscountExcluded, ResourceChanged, and what the
    guard refuses.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    order = lock_own_order(actor, order_id)
    return settle(actor, order, DiscountKind(discount), clock.now())


def settle(
    actor: Actor, order: CustomerOrder, discount: DiscountKind, moment: datetime
) -> CustomerOrder:
    """Pay a locked order of a locked customer, in the caller's transaction; raises as :func:`pay`."""
    _refuse_closed(order, moment)
    items = list(order.items.select_related("product__spec", "region").order_by("number"))
    guard.require(order.account_id, payments.operation(order, items), price=order.list_amount)
    _discount(order, items, discount, moment)
    _EFFECTS[OrderType(order.order_type)](order, items, moment)
    OrderItem.objects.bulk_update(
        items, ["resource", "discount_amount", "amount", "effective_at", "expires_at"]
    )
    close_paid(order, moment)
    charging.charge(order, items, moment)
    writing.record(
        actor,
        "paid",
        order,
        trace=TraceName.PAY if order.payment == PaymentMethod.MONTHLY else "",
        amount=str(order.amount),
        payment=str(order.payment),
    )
    return order


def close_paid(order: CustomerOrder, moment: datetime) -> None:
    """Write that an order is paid and done; refunds are closed like this at once."""
    order.payment = payment_of(order)
    order.status = OrderStatus.COMPLETED
    order.paid_at = order.closed_at = moment
    order.save(
        update_fields=[
            "payment",
            "status",
            "paid_at",
            "closed_at",
            "discount_kind",
            "discount_amount",
            "amount",
        ]
    )
    order_settled.send(CustomerOrder, order=order, moment=moment)


def payment_of(order: CustomerOrder) -> PaymentMethod:
    """Who settles it: the partner in the Reseller model, else the customer in cash."""
    if order.model == AssociationModel.RESELLER:
        return PaymentMethod.MONTHLY
    return PaymentMethod.CASH


def _refuse_closed(order: CustomerOrder, moment: datetime) -> None:
    if order.status != OrderStatus.PENDING_PAYMENT:
        raise OrderNotPending(order.order_no, str(order.get_status_display()))
    if order.pay_before and order.pay_before <= moment:
        raise PaymentOverdue(order.order_no)


# --- Discounts ---------------------------------------------------------------------------------


def _discount(
    order: CustomerOrder, items: list[OrderItem], wanted: DiscountKind, moment: datetime
) -> None:
    """Apply the chosen discount to the lines; an adjusted price has been applied already."""
    if order.discount_kind == DiscountKind.ADJUSTMENT:
        if wanted == DiscountKind.PARTNER:
            raise DiscountExcluded
        return
    if wanted == DiscountKind.NONE:
        return
    choice = payments.choices_of(order, items, moment)[wanted]
    if choice.blocked:
        raise DiscountNotUsable(choice.blocked)
    for item in items:
        item.amount = payments.partner_price(item, choice.percent)
        item.discount_amount = EXACT.subtract(item.list_amount, item.amount)
    order.discount_kind = wanted
    order.discount_amount = sum((item.discount_amount for item in items), Decimal(0))
    order.amount = EXACT.subtract(order.list_amount, order.discount_amount)


# --- What an order does once it is paid ----------------------------------------------------------


def _provide(order: CustomerOrder, items: list[OrderItem], moment: datetime) -> None:
    for item in items:
        term = terms.term_from(moment, item.period, item.period_count or 1)
        item.effective_at, item.expires_at = term.starts, term.ends
    resources = life.provide(order.account_id, [_provision(order, item) for item in items], moment)
    for item, resource in zip(items, resources, strict=True):
        item.resource = resource


def _provision(order: CustomerOrder, item: OrderItem) -> life.Provision:
    return life.Provision(
        product=item.product,
        region=item.region,
        name=item.name,
        zone=item.zone,
        size=item.size,
        quantity=item.quantity,
        term=item.term,
        period=item.period,
        order_no=order.order_no,
        configuration=item.configuration,
        project=item.project,
    )


def _renew(order: CustomerOrder, items: list[OrderItem], moment: datetime) -> None:
    for item, resource in _with_resources(order, items):
        moved = resource.expires_at != item.effective_at or item.expires_at is None
        if moved or held.is_over(resource, moment):
            raise ResourceChanged(resource.name)
        life.renew(resource, item.term, order_no=order.order_no, moment=moment)


def _change(order: CustomerOrder, items: list[OrderItem], moment: datetime) -> None:
    """Every line is about the same resource, one line for each of its terms."""
    *_others, (last, resource) = _with_resources(order, items)
    if resource.expires_at != last.expires_at or resource.status == ResourceStatus.EXPIRED:
        raise ResourceChanged(resource.name)
    for item in items:
        item.effective_at = max(item.effective_at or moment, moment)
    life.change(resource, last.product, size=last.size, moment=moment, order_no=order.order_no)


def _to_period(order: CustomerOrder, items: list[OrderItem], moment: datetime) -> None:
    for item, resource in _with_resources(order, items):
        if resource.mode != BillingMode.PAY_PER_USE:
            raise ResourceChanged(resource.name)
        term = terms.term_from(moment, item.period, item.period_count or 1)
        item.effective_at, item.expires_at = term.starts, term.ends
        life.convert(
            resource,
            item.product,
            term=term,
            period=item.period,
            order_no=order.order_no,
            moment=moment,
        )


def _with_resources(
    order: CustomerOrder, items: list[OrderItem]
) -> list[tuple[OrderItem, CloudResource]]:
    """The lines with their resources, locked. Raises ResourceChanged when one is gone."""
    wanted = {item.resource_id for item in items}
    there = CloudResource.objects.existing().filter(pk__in=wanted).values_list("pk", flat=True)
    gone = wanted - set(there)
    for item in items:
        if item.resource_id in gone:
            raise ResourceChanged(item.name)
    locked = {
        row.pk: row for row in lock_of_account(order.account_id, [key for key in wanted if key])
    }
    found = []
    for item in items:
        item.resource = locked[item.resource_id or 0]
        found.append((item, item.resource))
    return found


_EFFECTS: dict[OrderType, Callable[[CustomerOrder, list[OrderItem], datetime], None]] = {
    OrderType.NEW: _provide,
    OrderType.RENEWAL: _renew,
    OrderType.CHANGE: _change,
    OrderType.TO_PERIOD: _to_period,
}
