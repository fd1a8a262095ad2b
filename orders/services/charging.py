"""Paid lines become charges by the same pipeline as usage (metering)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from metering.choices import RecordKind
from metering.services.ordering import OrderLine, charge_orders
from resources.rules.terms import Term

from ..choices import OrderType
from ..models import CustomerOrder, OrderItem

#: The shortest period that a line is charged for: one that begins when it ends still has a time.
_SHORTEST = timedelta(seconds=1)


def charge(
    order: CustomerOrder,
    items: list[OrderItem],
    moment: datetime,
    *,
    originals: Mapping[int, str] | None = None,
) -> None:
    """Post the lines of an order that is paid at ``moment``; negative ones are refunds.

    ``originals``: by number of the line, the order that it gives back a part of.
    """
    charge_orders(
        [_line(order, item, moment, (originals or {}).get(item.number, "")) for item in items],
        moment,
    )


def _kind(order: CustomerOrder, item: OrderItem) -> RecordKind:
    """What gives back is a refund, and so is a line of it that corrects the rest."""
    if order.order_type in (OrderType.UNSUBSCRIPTION, OrderType.TO_USAGE) or item.list_amount < 0:
        return RecordKind.REFUND
    return RecordKind.PURCHASE


def _line(order: CustomerOrder, item: OrderItem, moment: datetime, original: str) -> OrderLine:
    starts, ends = item.effective_at or moment, item.expires_at or moment
    fixed = item.product.term_months
    return OrderLine(
        key=f"{order.order_no}-{item.number}",
        customer_id=order.account_id,
        product_id=item.product_id,
        region_id=item.region_id,
        resource_id=item.resource.resource_id if item.resource else "",
        resource_name=item.name,
        kind=_kind(order, item),
        order_no=order.order_no,
        original_order_no=original,
        order_type=str(order.order_type),
        period=item.period,
        period_count=item.period_count,
        quantity=item.quantity,
        reserved_hours=Term(starts, ends).hours * item.quantity if fixed else None,
        size=item.size,
        list_amount=item.list_amount,
        discount_amount=item.discount_amount,
        started_at=starts,
        ended_at=max(ends, starts + _SHORTEST),
        paid_at=moment,
        reason=order.reason or str(order.get_order_type_display()),
    )
