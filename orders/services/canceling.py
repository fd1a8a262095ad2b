"""Canceling orders that are not paid: by the customer, or because their deadline has passed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from partner_center import clock
from partner_center.actors import Actor

from ..choices import OrderStatus
from ..locks import lock_customer, lock_own_order
from ..models import CustomerOrder
from ..permissions import BUY
from ..refusals.buying import OrderNotPending
from . import writing


@transaction.atomic(durable=True)
def cancel(actor: Actor, order_id: int) -> CustomerOrder:
    """Cancel an order of the actor's account that waits to be paid. Raises NotFound, OrderNotPending."""
    actor.require(BUY)
    lock_customer(actor.account_id)
    order = lock_own_order(actor, order_id)
    if order.status != OrderStatus.PENDING_PAYMENT:
        raise OrderNotPending(order.order_no, str(order.get_status_display()))
    _close(order, clock.now())
    writing.record(actor, "canceled", order)
    return order


def cancel_overdue(moment: datetime, *, at_most: int = 500) -> int:
    """Cancel orders that were not paid in time, a batch at a time; returns how many."""
    canceled = 0
    while batch := _cancel_batch(moment, at_most):
        canceled += batch
    return canceled


@transaction.atomic
def _cancel_batch(moment: datetime, at_most: int) -> int:
    due = CustomerOrder.objects.filter(
        status=OrderStatus.PENDING_PAYMENT, pay_before__lte=moment
    ).select_related("account")
    batch = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:at_most])
    for order in batch:
        _close(order, moment)
        actor = Actor.system("orders.cancel_overdue", order.account_id, order.account.title)
        writing.record(actor, "canceled", order, cause="not paid in time")
    return len(batch)


def _close(order: CustomerOrder, moment: datetime) -> None:
    order.status, order.closed_at = OrderStatus.CANCELED, moment
    order.save(update_fields=["status", "closed_at"])
