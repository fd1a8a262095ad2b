"""What partners want to be told beside the thresholds."""

from __future__ import annotations

from collections.abc import Collection

from ..models import AlertSettings


def wants_forecasts(account_id: int) -> bool:
    """Whether the partner is told of forecasts; everybody is who did not switch them off."""
    return account_id not in unwilling([account_id])


def unwilling(account_ids: Collection[int]) -> set[int]:
    """Those of these partners that have switched forecasts off. One query."""
    rows = AlertSettings.objects.filter(pk__in=account_ids, forecasts=False)
    return set(rows.values_list("pk", flat=True))
