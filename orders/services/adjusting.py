"""Adjusting the price of a customer's unpaid order (04 §8.3.3.2, 06-DAP).

The discount holds for this order only, not for automatic renewals, and excludes every other one at
payment (08-CSN-09). Each adjustment is entered into an append-only book, with its lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

import audit.services
from notifications.services import notify
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.stale import refuse_stale

from ..choices import DiscountKind
from ..locks import lock_order_of_customer
from ..models import CustomerOrder, OrderItem, PriceAdjustment, PriceAdjustmentLine
from ..permissions import ADJUST_PRICES
from ..queries import adjusting as reads
from ..queries.adjusting import PricedOrder
from ..refusals.adjusting import DiscountTooHigh, PriceUnchanged
from ..rules import adjusting as rules

#: Input of the tab Adjust Order Price.
ORDER_FIELD = "discount"


@critical_operation("orders.adjust_price", _("Adjust the price of an order"))
def adjust_order(actor: Actor, order_id: int, *, discount: Decimal, seen: str) -> PriceAdjustment:
    """Take ``discount`` USD off the whole order, spread in proportion over its lines.

    Raises what ``queries.adjusting.priced`` raises, and Stale, DiscountTooHigh, PriceUnchanged.
    """
    actor.require(ADJUST_PRICES)
    moment = clock.now()
    priced = _locked(actor, order_id, seen, moment)
    return _adjust(actor, priced.with_discounts(spread(priced, discount)), moment)


@critical_operation("orders.adjust_price", _("Adjust the price of an order"))
def adjust_items(
    actor: Actor, order_id: int, *, discounts: Mapping[int, Decimal], seen: str
) -> PriceAdjustment:
    """Take an amount of its own off each line, by the key of the line; an absent one is 0.

    Raises what ``queries.adjusting.priced`` raises, and Stale, DiscountTooHigh, PriceUnchanged.
    """
    actor.require(ADJUST_PRICES)
    moment = clock.now()
    priced = _locked(actor, order_id, seen, moment)
    return _adjust(actor, priced.with_discounts(each_of(priced, discounts)), moment)


def spread(priced: PricedOrder, discount: Decimal) -> list[Decimal]:
    """The shares of the lines in a discount of the whole order. Raises DiscountTooHigh."""
    if not 0 <= discount <= priced.maximum:
        raise DiscountTooHigh(priced.maximum, ORDER_FIELD)
    return rules.split(discount, [each.line for each in priced.items])


def each_of(priced: PricedOrder, discounts: Mapping[int, Decimal]) -> list[Decimal]:
    """The discounts in the order of the lines. Raises DiscountTooHigh for the first that is."""
    amounts = [discounts.get(each.item.pk, rules.ZERO) for each in priced.items]
    for each, amount in zip(priced.items, amounts, strict=True):
        if not 0 <= amount <= each.maximum:
            raise DiscountTooHigh(each.maximum, each.field)
    return amounts


def _locked(actor: Actor, order_id: int, seen: str, moment: datetime) -> PricedOrder:
    order = lock_order_of_customer(actor, order_id)
    priced = reads.priced_order(order, moment)
    refuse_stale(seen, reads.seen_of(order))
    return priced


def _adjust(actor: Actor, priced: PricedOrder, moment: datetime) -> PriceAdjustment:
    before = [each.item.discount_amount for each in priced.items]
    if before == [each.discount for each in priced.items]:
        raise PriceUnchanged(ORDER_FIELD)
    order = priced.order
    was = {"discount": str(order.discount_amount), "amount": str(order.amount)}
    _write_price(order, priced)
    adjustment = _enter(actor, order, priced, moment)
    for account_id in (actor.account_id, order.account_id):
        audit.services.record(
            actor,
            "orders.price.adjusted",
            order,
            before=was,
            after={"discount": str(order.discount_amount), "amount": str(order.amount)},
            account_id=account_id,
        )
    _tell(actor, order, adjustment)
    return adjustment


def _write_price(order: CustomerOrder, priced: PricedOrder) -> None:
    items: Sequence[OrderItem] = [each.item for each in priced.items]
    for each in priced.items:
        each.item.discount_amount, each.item.amount = each.discount, each.after
    OrderItem.objects.bulk_update(items, ["discount_amount", "amount"])
    order.discount_amount, order.amount = priced.discount, priced.after
    order.discount_kind = DiscountKind.ADJUSTMENT if priced.discount else DiscountKind.NONE
    order.save(update_fields=["discount_amount", "amount", "discount_kind"])


def _enter(
    actor: Actor, order: CustomerOrder, priced: PricedOrder, moment: datetime
) -> PriceAdjustment:
    """The entry of the book."""
    adjustment = PriceAdjustment.objects.create(
        account_id=actor.account_id,
        order=order,
        list_amount=order.list_amount,
        discount_amount=order.discount_amount,
        adjusted_by_id=actor.user_id,
        adjusted_by_name=actor.name,
        adjusted_at=moment,
    )
    PriceAdjustmentLine.objects.bulk_create(
        PriceAdjustmentLine(
            adjustment=adjustment,
            item=each.item,
            max_discount=each.maximum,
            discount_amount=each.discount,
        )
        for each in priced.items
    )
    return adjustment


def _tell(actor: Actor, order: CustomerOrder, adjustment: PriceAdjustment) -> None:
    """The customer hears what it pays now."""
    notify(
        actor,
        account_id=order.account_id,
        type="customer.order",
        key=f"price-adjusted:{adjustment.pk}",
        template="order_price_adjusted",
        context={
            "partner": order.partner.title if order.partner else actor.account_name,
            "order": order.order_no,
            "amount": f"{order.amount:,.2f}",
        },
        facts=[
            (_("Order Subtotal(USD)"), f"{order.list_amount:,.2f}"),
            (_("Discount(USD)"), f"{order.discount_amount:,.2f}"),
        ],
    )
