"""Resources that an operation is about: what is locked, what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from catalog.choices import BillingMode
from catalog.models import Product
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from resources.choices import ResourceStatus
from resources.models import CloudResource
from resources.services.life import ENDING_AT_ONCE

from ..choices import OrderStatus, OrderType
from ..models import OrderItem
from ..refusals.buying import (
    InPendingOrder,
    NoSuchMode,
    NotMain,
    NotRenewable,
    ResourceExpired,
    WrongMode,
)

#: What is ordered: it can be renewed and unsubscribed; what is paid by use is deleted.
ORDERED = (BillingMode.YEARLY_MONTHLY, *ENDING_AT_ONCE)


def require_own(actor: Actor, resource_ids: Collection[int]) -> None:
    """Raise NotFound unless all these are resources of the actor's account that are still there."""
    wanted = set(resource_ids)
    if not wanted or CloudResource.objects.visible_to(actor).existing().filter(
        pk__in=wanted
    ).count() != len(wanted):
        raise NotFound


def refuse_attached(resource: CloudResource) -> None:
    """Attached resources go with their main one. Raises NotMain."""
    if resource.parent is not None:
        raise NotMain(str(resource), str(resource.parent))


def refuse_mode(resource: CloudResource, *modes: BillingMode) -> None:
    """Raise WrongMode unless the resource is billed in one of these modes."""
    if resource.mode not in modes:
        raise WrongMode(str(resource), str(resource.get_mode_display()))


def refuse_expired(resource: CloudResource) -> None:
    """Raise ResourceExpired when the term is over."""
    if resource.status == ResourceStatus.EXPIRED:
        raise ResourceExpired(str(resource))


def refuse_unrenewable(resource: CloudResource, moment: datetime) -> None:
    """Raise WrongMode for what is paid by use, NotRenewable for what ended without retention."""
    refuse_mode(resource, *ORDERED)
    if is_over(resource, moment):
        raise NotRenewable(str(resource))


def is_over(resource: CloudResource, moment: datetime) -> bool:
    """Whether a reservation or package has come to its end, written or not: nothing is retained."""
    if resource.mode not in ENDING_AT_ONCE or resource.expires_at is None:
        return False
    return resource.expires_at <= moment


def refuse_pending(resources: Iterable[CloudResource]) -> None:
    """Raise InPendingOrder when one of them is in an order that waits to be paid."""
    items = OrderItem.objects.filter(
        resource__in=[row.pk for row in resources], order__status=OrderStatus.PENDING_PAYMENT
    )
    if (item := items.select_related("order", "resource").order_by("pk").first()) is not None:
        raise InPendingOrder(str(item.resource), item.order.order_no)


def paid_terms(resources: Collection[CloudResource]) -> list[OrderItem]:
    """The paid lines that gave these resources their present terms, oldest first.

    Without lines that were given back, and without those from before the resource was last converted.
    """
    keys = [row.pk for row in resources]
    given_back = OrderItem.objects.filter(resource__in=keys, gives_back__isnull=False)
    items = OrderItem.objects.filter(
        resource__in=keys,
        order__paid_at__isnull=False,
        order__order_type__in=[
            OrderType.NEW,
            OrderType.RENEWAL,
            OrderType.TO_PERIOD,
            OrderType.CHANGE,
        ],
        expires_at__isnull=False,
    ).exclude(pk__in=given_back.values("gives_back"))
    items = items.select_related("order", "product", "region", "resource", "lowers__order")
    began = {row.pk: row.effective_at for row in resources}
    return [
        item
        for item in items.order_by("resource_id", "effective_at", "pk")
        if item.effective_at and item.effective_at >= began[item.resource_id or 0]
    ]


def in_other_mode(resource: CloudResource, mode: BillingMode) -> Product:
    """The product of the same specification in another billing mode. Raises NoSuchMode.

    Of several the one that is metered by time goes before one that is metered by traffic.
    """
    product = resource.product
    found = Product.objects.on_sale().filter(
        resource_type=product.resource_type_id, spec=product.spec_id, mode=mode, is_spot=False
    )
    if (other := found.select_related("spec").order_by("usage_type__code", "pk").first()) is None:
        raise NoSuchMode(str(resource), str(mode.label))
    return other


def changeable_to(resource: CloudResource) -> list[Product]:
    """The specifications that a resource can be changed to, its own included, by name."""
    product = resource.product
    rows = Product.objects.on_sale().filter(
        resource_type=product.resource_type_id, mode=product.mode, is_spot=product.is_spot
    )
    if product.usage_type_id:
        rows = rows.filter(usage_type=product.usage_type_id)
    return list(rows.select_related("spec__size_unit", "service_type").order_by("name", "pk"))
