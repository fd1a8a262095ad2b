"""Which orders a partner sees: those of its associated customers (04 §8.3.3.1, 06-DOR, 07-ROQ)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

import resellers.queries
from catalog.models import ServiceType
from customers.models import Association
from customers.models.association import AssociationQuerySet
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import OrderStatus, OrderType
from ..models import CustomerOrder, OrderItem, PriceAdjustment
from ..permissions import VIEW_ORDERS


def list_own(actor: Actor) -> QuerySet[CustomerOrder]:
    """Orders that the partner's own customers, in the actor's scope, placed as its customers.

    An order of another time, with another partner, is not this partner's to see.
    """
    actor.require(VIEW_ORDERS)
    seen = Association.objects.visible_to(actor).live()
    return _of(seen).filter(partner_id=actor.account_id)


def list_of_resellers(actor: Actor) -> QuerySet[CustomerOrder]:
    """Orders of the customers of those who are the actor's resellers now (06-DOR-01)."""
    actor.require(VIEW_ORDERS)
    reach = resellers.queries.reseller_ids(actor.account_id)
    seen = Association.objects.live().filter(account__in=reach).within_scope(actor)
    return _of(seen).filter(distributor_id=actor.account_id, partner__in=reach)


def get_order(actor: Actor, order_id: int) -> CustomerOrder:
    """One order that the actor sees. Raises NotFound."""
    for rows in (list_own(actor), list_of_resellers(actor)):
        found = rows.select_related(
            "account", "partner", "service_type", "association", "original", "session__account"
        )
        if (order := found.filter(pk=order_id).first()) is not None:
            return order
    raise NotFound


def product_types(actor: Actor) -> QuerySet[ServiceType]:
    """What can be chosen as Product Type."""
    return ServiceType.objects.order_by("name")


@dataclass(frozen=True)
class OrderParts:
    """What stands on the page of an order beside the order itself."""

    items: list[OrderItem]
    #: Orders that unsubscribe or change what this one bought.
    followers: list[CustomerOrder]
    adjustments: list[PriceAdjustment]

    @property
    def refunds(self) -> list[CustomerOrder]:
        """Those that gave money back."""
        return [order for order in self.followers if order.amount < 0]


def parts_of(order: CustomerOrder) -> OrderParts:
    """Lines, refunds and price adjustments of an order that was shown to be visible."""
    items = order.items.select_related(
        "product__service_type", "product__spec__size_unit", "region", "resource"
    )
    adjustments = order.adjustments.filter(account_id=order.partner_id)
    return OrderParts(
        items=list(items.order_by("number")),
        followers=list(order.followers.order_by("ordered_at", "pk")),
        adjustments=list(adjustments.order_by("-adjusted_at", "-pk")),
    )


@dataclass(frozen=True)
class OrderCounts:
    """The card Customer Orders of one customer (04-CUD-06, 07-RCUS-15)."""

    unpaid: int
    every: int


def counts_of(actor: Actor, association: Association) -> OrderCounts | None:
    """How many orders the customer has with its partner; None without the permission."""
    if not actor.can(VIEW_ORDERS):
        return None
    rows = list_own(actor) if association.account_id == actor.account_id else None
    rows = rows if rows is not None else list_of_resellers(actor)
    found = rows.filter(account_id=association.customer_id).aggregate(
        unpaid=Count("pk", filter=Q(status=OrderStatus.PENDING_PAYMENT)), every=Count("pk")
    )
    return OrderCounts(**found)


def is_refund(order: CustomerOrder) -> bool:
    """Whether the order gives money back instead of taking it."""
    return order.order_type == OrderType.UNSUBSCRIPTION or order.amount < 0


def _of(associations: AssociationQuerySet) -> QuerySet[CustomerOrder]:
    return CustomerOrder.objects.filter(account__in=associations.order_by().values("customer"))
