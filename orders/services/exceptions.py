"""Order exceptions: the operator unsubscribes what an order delivered (05-CPR-06, second case)."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from resources.locks import lock_with_attached
from resources.models import CloudResource

from ..choices import OrderSource, OrderStatus, OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import HANDLE_EXCEPTIONS
from ..queries import held
from ..refusals.exceptions import NotANewPurchase, NothingDelivered
from . import unsubscribing, writing


@transaction.atomic(durable=True)
def unsubscribe(actor: Actor, order_id: int, *, reason: str) -> list[CustomerOrder]:
    """Unsubscribe all resources of a completed new purchase, each with what is attached to it.

    Unused days are given back as always; the coupons of the partner that paid them return with them,
    which they do not for a customer who changes its mind. Raises NotFound, NotANewPurchase,
    NothingDelivered and what stands in the way of unsubscribing.
    """
    actor.require(HANDLE_EXCEPTIONS)
    order = CustomerOrder.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound
    lock_customer(order.account_id)
    order.refresh_from_db(fields=["status"])
    if order.order_type != OrderType.NEW or order.status != OrderStatus.COMPLETED:
        raise NotANewPurchase
    keys = list(_delivered(order))
    if not keys:
        raise NothingDelivered
    in_its_account = replace(actor, account_id=order.account_id)
    return [_one(in_its_account, key, reason.strip()) for key in keys]


def _delivered(order: CustomerOrder) -> set[int]:
    """Main resources that the order delivered and that are still there."""
    found = CloudResource.objects.existing().filter(order_items__order=order, parent=None)
    return set(found.order_by("pk").values_list("pk", flat=True))


def _one(actor: Actor, resource_id: int, reason: str) -> CustomerOrder:
    resources = lock_with_attached(actor.account_id, [resource_id])
    main = next(row for row in resources if row.pk == resource_id)
    unsubscribing.refuse(main, resources)
    bought = held.paid_terms(resources)
    head = writing.Head(
        OrderType.UNSUBSCRIPTION,
        clock.now(),
        original=bought[0].order if bought else None,
        reason=reason,
        source=OrderSource.SYSTEM,
        by_exception=True,
    )
    return unsubscribing.give_back(actor, head, main, resources)
