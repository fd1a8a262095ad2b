"""What distributors grant holds what resellers have allocated (06-PRM-13)."""

from __future__ import annotations

from resellers.models import ResellerBudgetGrant

from ..choices import BudgetType
from ..queries import quotas
from ..refusals import QuotaBelowAllocated


def refuse_below_allocated(reseller_id: int, grant: ResellerBudgetGrant) -> None:
    """Raise QuotaBelowAllocated when a granted quota is lower than the budgets under it.

    A type that is not granted any more must have no budgets either. Amounts are USD.
    """
    for field, type_ in (
        ("monthly_quota", BudgetType.MONTHLY),
        ("one_time_quota", BudgetType.ONE_TIME),
    ):
        quota = getattr(grant, field)
        allocated = quotas.allocated(reseller_id, type_)
        if allocated > (quota or 0):
            raise QuotaBelowAllocated(field, allocated)
