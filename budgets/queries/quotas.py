"""What a reseller may still allocate: total quota = allocated + available, by type (04-BFM-12)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from partner_center import money
from resellers.queries import grants

from ..choices import BudgetType
from ..models import Budget


@dataclass(frozen=True)
class Quota:
    """One type of budget: what the distributor grants and what is given to customers, in USD."""

    type: BudgetType
    total: Decimal
    allocated: Decimal

    @property
    def available(self) -> Decimal:
        """What is left to allocate; never negative, though a quota may be used up to the last."""
        return max(self.total - self.allocated, Decimal(0))

    @property
    def percent(self) -> int:
        """Whole percent that is allocated, rounded down; of a quota of 0 nothing can be."""
        return money.percent(self.allocated, self.total) if self.total else 0


def quotas_of(reseller_id: int) -> list[Quota]:
    """The types that are granted to a reseller; empty without a grant (04 D-40)."""
    grant = grants.budget_grant_of(reseller_id)
    if grant is None:
        return []
    granted = {
        BudgetType.MONTHLY: grant.monthly_quota,
        BudgetType.ONE_TIME: grant.one_time_quota,
    }
    return [
        Quota(type_, total, allocated(reseller_id, type_))
        for type_, total in granted.items()
        if total is not None
    ]


def allocated(
    reseller_id: int, budget_type: BudgetType, *, besides: Collection[int] = ()
) -> Decimal:
    """Sum of budgets of this type over the reseller's customers, without some associations."""
    rows = Budget.objects.filter(
        account_id=reseller_id, type=budget_type, association__ended_at=None
    ).exclude(pk__in=besides)
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


def available(
    reseller_id: int, budget_type: BudgetType, *, besides: Collection[int] = ()
) -> Decimal | None:
    """What a reseller may allocate to these associations in all; None: the type is not granted."""
    for quota in quotas_of(reseller_id):
        if quota.type == budget_type:
            return quota.total - allocated(reseller_id, budget_type, besides=besides)
    return None
