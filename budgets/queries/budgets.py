"""Budgets as they stand."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from customers.permissions import VIEW_CUSTOMERS
from customers.queries import reach
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint

from ..models import Budget, BudgetAdjustment, FreezeHold


def seen_of(association_ids: Collection[int]) -> str:
    """The fingerprint of budgets and live holds, for the hidden field ``seen`` of Set Budget."""
    rows = Budget.objects.filter(pk__in=association_ids)
    values = {
        f"budget:{key}": [budget_type, str(amount), action]
        for key, budget_type, amount, action in rows.values_list("pk", "type", "amount", "action")
    }
    live = FreezeHold.objects.filter(association__in=association_ids, released_at=None)
    return fingerprint(
        values | {f"hold:{key}": "live" for key in live.values_list("pk", flat=True)}
    )


def adjustments_of(actor: Actor, association_id: int) -> QuerySet[BudgetAdjustment]:
    """Every change of the budget of one customer that the actor sees (04-BUD-08). Raises NotFound."""
    actor.require(VIEW_CUSTOMERS)
    if not reach.reachable(actor).filter(pk=association_id).exists():
        raise NotFound
    return BudgetAdjustment.objects.filter(association_id=association_id)
