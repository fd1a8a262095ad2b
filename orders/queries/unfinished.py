"""Orders that are not finished, and the resources that they hold."""

from __future__ import annotations

from collections.abc import Collection

from ..choices import OrderStatus, OrderType
from ..models import OrderItem


def holding(resource_ids: Collection[int]) -> dict[int, OrderType]:
    """Of these resources (by key) those in an unfinished order, with what the order does."""
    items = OrderItem.objects.filter(
        resource__in=resource_ids,
        order__status__in=[OrderStatus.PENDING_PAYMENT, OrderStatus.PROCESSING],
    )
    pairs = items.order_by("pk").values_list("resource_id", "order__order_type")
    return {key: OrderType(kind) for key, kind in pairs if key is not None}
