"""Budgets as they stand."""

from __future__ import annotations

from collections.abc import Collection

from partner_center.stale import fingerprint

from ..models import Budget, FreezeHold


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
