"""Which prices a partner may adjust, by how much, and what it has adjusted (04 §8.3.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from customers.choices import AssociationModel
from customers.queries import discounts
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint

from ..choices import OrderStatus
from ..models import CustomerOrder, OrderItem, PriceAdjustment
from ..permissions import ADJUST_PRICES, VIEW_ORDERS
from ..refusals.adjusting import AdjustForReseller, NothingAdjustable, OrderNotUnpaid
from ..rules import adjusting as rules
from . import customer_orders

UNPAID = Q(status=OrderStatus.PENDING_PAYMENT)


@dataclass(frozen=True)
class PricedItem:
    """One line of the page Adjust Price; amounts in USD, the estimated rebate in percent."""

    item: OrderItem
    maximum: Decimal
    discount: Decimal
    rebate_percent: int

    @property
    def field(self) -> str:
        """Name of its input."""
        return f"item_{self.item.pk}"

    @property
    def line(self) -> rules.Line:
        """The line as the rules see it."""
        return rules.Line(self.item.list_amount, self.maximum)

    @property
    def after(self) -> Decimal:
        """What the customer would pay."""
        return self.item.list_amount - self.discount

    @property
    def rebate(self) -> Decimal:
        """What the partner may expect of it."""
        return rules.estimated_rebate(self.after, self.rebate_percent)


@dataclass(frozen=True)
class PricedOrder:
    """An order on the page Adjust Price: its lines and their sums."""

    order: CustomerOrder
    items: Sequence[PricedItem]

    @property
    def maximum(self) -> Decimal:
        """The most that may be taken off in all."""
        return sum((each.maximum for each in self.items), rules.ZERO)

    @property
    def discount(self) -> Decimal:
        """What is taken off in all."""
        return sum((each.discount for each in self.items), rules.ZERO)

    @property
    def after(self) -> Decimal:
        """What is left to pay."""
        return self.order.list_amount - self.discount

    @property
    def rebate(self) -> Decimal:
        """The sum of the estimated rebates."""
        return sum((each.rebate for each in self.items), rules.ZERO)

    def with_discounts(self, discounts: Sequence[Decimal]) -> PricedOrder:
        """The same order with other discounts, in the order of its lines."""
        pairs = zip(self.items, discounts, strict=True)
        priced = [replace(each, discount=amount) for each, amount in pairs]
        return PricedOrder(self.order, priced)


def is_adjustable(actor: Actor, order: CustomerOrder) -> bool:
    """Whether Adjust Price is offered (D-56); asks no database. The service decides again."""
    return (
        actor.can(ADJUST_PRICES)
        and "may_discount" in actor.grants
        and order.partner_id == actor.account_id
        and order.model == AssociationModel.REFERRAL
        and order.status == OrderStatus.PENDING_PAYMENT
    )


def priced(actor: Actor, order_id: int, moment: datetime) -> PricedOrder:
    """One order of the actor's own customers, with what may be taken off its lines.

    Raises NotPermitted, NotFound, NoDiscountTerms, NoDiscountCountry, AdjustForReseller,
    OrderNotUnpaid, NothingAdjustable.
    """
    actor.require(ADJUST_PRICES)
    rows = customer_orders.list_own(actor).select_related("account", "partner", "service_type")
    if (order := rows.filter(pk=order_id).first()) is None:
        raise NotFound
    return priced_order(order, moment)


def priced_order(order: CustomerOrder, moment: datetime) -> PricedOrder:
    """The same of an order that was found, or locked, already."""
    terms = discounts.granting_terms(order.partner_id or 0)
    if order.model != AssociationModel.REFERRAL:
        raise AdjustForReseller
    is_late = order.pay_before is not None and order.pay_before <= moment
    if order.status != OrderStatus.PENDING_PAYMENT or is_late:
        raise OrderNotUnpaid
    items = order.items.select_related(
        "product__service_type", "product__spec__size_unit", "region", "resource"
    )
    found = [
        PricedItem(
            item,
            _maximum(item, terms.max_discount),
            item.discount_amount,
            terms.estimated_rebate,
        )
        for item in items.order_by("number")
    ]
    if not any(each.maximum for each in found):
        raise NothingAdjustable
    return PricedOrder(order, found)


def seen_of(order: CustomerOrder) -> str:
    """What the page Adjust Price showed of the order, for the stale check.

    Amounts by their value: 154.00 and 154.0000 are the same.
    """
    return fingerprint(
        {
            "status": str(order.status),
            "kind": str(order.discount_kind),
            "list": f"{order.list_amount:.2f}",
            "discount": f"{order.discount_amount:.2f}",
        }
    )


def list_adjustments(actor: Actor) -> QuerySet[PriceAdjustment]:
    """Price Adjustment History: adjustments of orders that the actor sees (04-PRC-05)."""
    actor.require(VIEW_ORDERS)
    orders = customer_orders.list_own(actor).order_by().values("pk")
    return PriceAdjustment.objects.visible_to(actor).filter(order__in=orders)


def _maximum(item: OrderItem, percent: int) -> Decimal:
    """Spot products, and others that take no partner discount, take no adjustment (04-PRC-02)."""
    product = item.product
    if product.is_spot or not product.takes_partner_discount or item.list_amount <= 0:
        return rules.ZERO
    return rules.maximum_of(item.list_amount, percent)
