"""Giving back what is not used up: lines of negative orders, and how these are closed at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef

from partner_center.actors import Actor
from resources.models import CloudResource

from ..choices import OrderStatus
from ..models import CustomerOrder, OrderItem
from ..queries import held
from ..rules.refunds import Paid, Worth, unused
from . import charging, paying, writing


def lines_of(
    resources: Collection[CloudResource],
    moment: datetime,
    *,
    only: Collection[int] | None = None,
) -> tuple[list[writing.Line], dict[int, OrderItem]]:
    """A negative line for each paid line with unused days, and by its number what it gives back.

    ``only``: keys of the paid lines that are meant; all of the resources when absent.
    """
    lines: list[writing.Line] = []
    given_back: dict[int, OrderItem] = {}
    for item in held.paid_terms(resources):
        if only is not None and item.pk not in only:
            continue
        worth = unused(paid(item), moment)
        if worth.listed or worth.amount:
            lines.append(_line(item, -worth, moment))
            given_back[len(lines)] = item
    return lines, given_back


def paid(item: OrderItem) -> Paid:
    """A paid line as the rules see it."""
    return Paid(item.list_amount, item.amount, item.term)


def close(
    actor: Actor,
    head: writing.Head,
    lines: Sequence[writing.Line],
    given_back: Mapping[int, OrderItem],
) -> CustomerOrder:
    """Write an order that gives back, and close and charge it at once."""
    order = writing.write(actor, head, lines)
    paying.close_paid(order, head.moment)
    items = list(order.items.select_related("product", "resource").order_by("number"))
    originals = {
        number: (item.lowers or item).order.order_no for number, item in given_back.items()
    }
    charging.charge(order, items, head.moment, originals=originals)
    writing.record(actor, "refunded", order, amount=str(order.amount))
    return order


def mark_unsubscribed(items: Collection[OrderItem]) -> None:
    """Orders of which nothing is left are Unsubscribed (04 D-51)."""
    back = OrderItem.objects.filter(gives_back=OuterRef("pk"))
    left = OrderItem.objects.filter(~Exists(back), order=OuterRef("pk"), resource__released_at=None)
    CustomerOrder.objects.filter(
        ~Exists(left),
        pk__in={item.order_id for item in items},
        status=OrderStatus.COMPLETED,
    ).update(status=OrderStatus.UNSUBSCRIBED)


def nothing(resource: CloudResource, moment: datetime) -> writing.Line:
    """The line of an order that has nothing left to give back."""
    return writing.Line(
        product=resource.product,
        region=resource.region,
        zone=resource.zone,
        resource=resource,
        name=resource.name,
        spec_text=resource.spec_text,
        size=resource.size,
        quantity=resource.quantity,
        list_amount=Decimal(0),
        effective_at=moment,
        expires_at=moment,
    )


def _line(item: OrderItem, worth: Worth, moment: datetime) -> writing.Line:
    return writing.Line(
        product=item.product,
        region=item.region,
        zone=item.zone,
        resource=item.resource,
        name=item.name,
        spec_text=item.spec_text,
        size=item.size,
        quantity=item.quantity,
        period=item.period,
        period_count=item.period_count,
        list_amount=worth.listed,
        discount_amount=worth.discount,
        gives_back=item,
        effective_at=max(item.term.starts, moment),
        expires_at=max(item.term.ends, moment),
    )
