"""Row locks of the orders app, always in this order: the customer, orders by key, resources by key.

The customer is its live association, which freezes and budgets lock as well (04-BFM-16); an account
without a partner is locked itself.
"""

from __future__ import annotations

import budgets.locks
from accounts.locks import lock_account
from customers.models import Association
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import CustomerOrder
from .queries import customer_orders


def lock_customer(customer_id: int) -> Association | None:
    """Let only one transaction at a time order, operate, freeze or budget for this customer."""
    if (association := budgets.locks.lock_by_customer(customer_id)) is None:
        lock_account(customer_id)
    return association


def lock_own_order(actor: Actor, order_id: int) -> CustomerOrder:
    """An order of the actor's account, locked. Raises NotFound."""
    rows = CustomerOrder.objects.visible_to(actor).select_for_update(of=("self",))
    if (found := rows.filter(pk=order_id).first()) is None:
        raise NotFound
    return found


def lock_order_of_customer(actor: Actor, order_id: int) -> CustomerOrder:
    """An order of the actor's own customers, locked to the end of the transaction. Raises NotFound.

    Whoever pays, cancels or adjusts it decides after this lock.
    """
    rows = customer_orders.list_own(actor).select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("account", "partner")
    if (found := rows.filter(pk=order_id).first()) is None:
        raise NotFound
    return found
