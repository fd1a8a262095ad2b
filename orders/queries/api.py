"""Orders as the API reads them (docs/api/bss-api.md B.15 to B.18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from accounts.choices import PartnerKind
from catalog.rules.pricing import EXACT
from customers.queries import management
from customers.refusals import NoSuchReseller
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..choices import DiscountKind, OrderStatus
from ..models import CustomerOrder, OrderItem
from ..permissions import BUY
from ..refusals.api import NoRefundOrder, OrderNotUsable
from . import customer_orders, payments

#: Name of a criterion → lookup; every one that is given must hold.
_CRITERIA = {
    "order_no": "order_no__iexact",
    "customer_id": "account__public_id",
    "ordered_from": "ordered_at__gte",
    "ordered_to": "ordered_at__lte",
    "paid_from": "paid_at__gte",
    "paid_to": "paid_at__lte",
    "service": "service_type__code",
    "statuses": "status__in",
    "order_type": "order_type",
}


def visible(actor: Actor, reseller: str = "") -> QuerySet[CustomerOrder]:
    """Orders that the caller may read: a customer its own, a partner those of its customers.

    ``reseller`` is a domain ID: a distributor must send it to read orders of that reseller's customers;
    of others it is ignored. Raises NotPermitted, NoSuchReseller.
    """
    if actor.audience == Audience.CUSTOMER:
        actor.require(BUY)
        rows: QuerySet[CustomerOrder] = CustomerOrder.objects.visible_to(actor)
        return rows
    if actor.partner_kind != PartnerKind.DISTRIBUTOR or not reseller:
        return customer_orders.list_own(actor)
    try:
        partner = management.get_reseller(actor, reseller)
    except NotFound as error:
        raise NoSuchReseller from error
    return customer_orders.list_of_resellers(actor).filter(partner=partner)


def list_orders(
    actor: Actor, criteria: Mapping[str, Any], *, reseller: str = ""
) -> QuerySet[CustomerOrder]:
    """Matching orders in no order yet; ``criteria`` uses the names of ``_CRITERIA`` (B.15)."""
    found = {_CRITERIA[name]: value for name, value in criteria.items()}
    rows = visible(actor, reseller).filter(**found).annotate(consumed=_consumed())
    return rows.select_related("account", "service_type").prefetch_related("items__project")


def get_order(actor: Actor, order_no: str, *, reseller: str = "") -> CustomerOrder:
    """One order by its number, in any case (B.16). Raises OrderNotUsable for an unknown one."""
    rows = visible(actor, reseller).annotate(consumed=_consumed())
    rows = rows.select_related("account", "service_type")
    if (found := rows.filter(order_no__iexact=order_no).first()) is None:
        raise OrderNotUsable
    return found


def items_of(order: CustomerOrder) -> QuerySet[OrderItem]:
    """The lines of an order, in their order, with what the API writes of them."""
    rows = order.items.select_related(
        "product__service_type", "product__resource_type", "region", "order"
    )
    used = F("gives_back__amount") + F("amount")
    return rows.annotate(consumed=used).order_by("number")


def _consumed() -> Subquery:
    """Expression over orders: what of the lines that it gives back had been used up; NULL for none."""
    lines = OrderItem.objects.filter(order=OuterRef("pk"), gives_back__isnull=False)
    used = lines.order_by().values("order")
    return Subquery(used.annotate(used=Sum(F("gives_back__amount") + F("amount"))).values("used"))


@dataclass(frozen=True)
class RefundRow:
    """One row of B.17: an amount in USD, negative when it was given back, positive when used up."""

    id: str
    item: OrderItem
    amount: Decimal
    base_order_no: str


def refunds(
    actor: Actor, order_no: str, *, customer_id: str = "", reseller: str = ""
) -> list[RefundRow]:
    """What the lines of an order gave back, and what of the paid lines had been used up (B.17).

    Raises NoRefundOrder for an order that gave nothing back, or that the caller does not see.
    """
    rows = visible(actor, reseller).filter(order_no__iexact=order_no)
    if customer_id:
        rows = rows.filter(account__public_id=customer_id)
    order = rows.first()
    if order is None or not customer_orders.is_refund(order):
        raise NoRefundOrder
    items = items_of(order).select_related(
        "order__account", "order__original", "gives_back__order", "region"
    )
    return [row for item in items for row in _refund_rows(item)]


def _refund_rows(item: OrderItem) -> list[RefundRow]:
    if item.amount > 0:
        return []  # what a change cost beside what it gave back
    paid, number = item.gives_back, item_id(item)
    base = paid.order if paid else item.order.original
    base_no = base.order_no if base else ""
    found = [RefundRow(number, item, item.amount, base_no)]
    if paid and (used := paid.amount + item.amount) > 0:
        found.append(RefundRow(f"{number}-used", item, used, base_no))
    return found


@dataclass(frozen=True)
class DiscountedLines:
    """Lines of one product, specification and price, and what a discount takes off them, in USD."""

    item_ids: list[str]
    amount: Decimal


@dataclass(frozen=True)
class UsableDiscount:
    """One discount that an unpaid order can be paid with (B.18)."""

    discount_id: str
    kind: DiscountKind
    percent: int
    lines: list[DiscountedLines]


def usable_discounts(
    actor: Actor, order_no: str, moment: datetime
) -> tuple[CustomerOrder, list[UsableDiscount]]:
    """What the caller's own unpaid order can be paid with; exactly one counts (08-CSN-08, CSN-09).

    An adjusted price excludes the partner's discount. Raises OrderNotUsable.
    """
    actor.require(BUY)
    order = get_order(actor, order_no)
    is_late = order.pay_before is not None and order.pay_before <= moment
    if order.status != OrderStatus.PENDING_PAYMENT or is_late:
        raise OrderNotUsable
    items = list(items_of(order))
    if order.discount_kind == DiscountKind.ADJUSTMENT:
        return order, [_adjustment(order, items)]
    return order, _partner_discounts(order, items, moment)


def item_id(item: OrderItem) -> str:
    """How the API names a line: the order's number and the line's."""
    return f"{item.order.order_no}-{item.number:06d}"


def _adjustment(order: CustomerOrder, items: Sequence[OrderItem]) -> UsableDiscount:
    newest = order.adjustments.order_by("-pk").values_list("pk", flat=True).first()
    amounts = [(item, item.discount_amount) for item in items if item.discount_amount]
    return UsableDiscount(str(newest), DiscountKind.ADJUSTMENT, 0, _grouped(amounts))


def _partner_discounts(
    order: CustomerOrder, items: Sequence[OrderItem], moment: datetime
) -> list[UsableDiscount]:
    """The partner's discount as the pay page offers it, with the amounts that paying would take off."""
    choice = payments.choices_of(order, items, moment)[DiscountKind.PARTNER]
    if choice.blocked:
        return []
    amounts = [
        (item, EXACT.subtract(item.list_amount, payments.partner_price(item, choice.percent)))
        for item in items
        if item.product.percent_for(choice.percent)
    ]
    number = str(choice.discount_id)
    return [UsableDiscount(number, DiscountKind.PARTNER, choice.percent, _grouped(amounts))]


def _grouped(amounts: Sequence[tuple[OrderItem, Decimal]]) -> list[DiscountedLines]:
    """Equal lines together, as the API merges them."""

    def key(pair: tuple[OrderItem, Decimal]) -> tuple[int, str, Decimal, Decimal]:
        item, amount = pair
        return item.product_id, item.spec_text, item.list_amount, amount

    found = []
    for _key, group in groupby(sorted(amounts, key=key), key=key):
        pairs = list(group)
        taken = sum((amount for _item, amount in pairs), Decimal(0))
        found.append(DiscountedLines([item_id(item) for item, _amount in pairs], taken))
    return found
