"""What pages say of customers before and after a change: state, budget, purchases, running costs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from customers.models import Association
from resources.models import CloudResource

from ..choices import FreezeStatus, HoldOwner
from ..models import Budget
from ..rules import pace as pace_rules
from ..rules import usage as rules
from ..rules.matrix import BudgetStanding, Operation
from . import guard, pace


@dataclass(frozen=True)
class Facts:
    """One customer at one time. Amounts in USD at list price."""

    association: Association
    restrictions: guard.Restrictions
    #: Type of its budget; empty without one.
    budget_type: str
    standing: BudgetStanding
    #: Resources that run, and those that stand still because account and resources are frozen.
    running: int
    frozen: int
    #: What pay-per-use has cost in a day lately (:mod:`budgets.rules.pace`).
    per_day: Decimal

    @property
    def status(self) -> FreezeStatus:
        """The shown state."""
        return self.restrictions.status

    @property
    def per_hour(self) -> Decimal:
        """What goes on costing in an hour at the pace of the last days; nothing while frozen."""
        if self.status == FreezeStatus.RESOURCES:
            return Decimal(0)
        return pace_rules.per_hour(self.per_day)

    @property
    def percent(self) -> int | None:
        """Budget usage in whole percent; None without a budget."""
        return rules.percent(self.standing.used, self.standing.amount)

    @property
    def owners(self) -> frozenset[HoldOwner]:
        """Whose holds are live."""
        return self.restrictions.owners

    @property
    def release_at(self) -> datetime | None:
        """When frozen resources are released and their data is deleted."""
        return self.restrictions.release_at

    @property
    def refused(self) -> tuple[Operation, ...]:
        """Operations that are refused; prepaid ones are asked for the smallest price."""
        smallest = Decimal("0.01")
        return tuple(each for each in Operation if not self.restrictions.allows(each, smallest))


@dataclass(frozen=True)
class Prospect:
    """One customer before and after."""

    before: Facts
    after: Facts
    #: Operations that become refused, and those that become possible.
    closes: tuple[Operation, ...] = field(init=False)
    opens: tuple[Operation, ...] = field(init=False)

    def __post_init__(self) -> None:
        before, after = set(self.before.refused), set(self.after.refused)
        object.__setattr__(self, "closes", tuple(x for x in Operation if x in after - before))
        object.__setattr__(self, "opens", tuple(x for x in Operation if x in before - after))

    @property
    def association(self) -> Association:
        """Whom it is about."""
        return self.after.association

    @property
    def stops(self) -> int:
        """Resources that stand still afterwards and ran before."""
        return max(self.after.frozen - self.before.frozen, 0)

    @property
    def resumes(self) -> int:
        """Resources that run again."""
        return max(self.before.frozen - self.after.frozen, 0)


def facts_of(association_ids: Collection[int], moment: datetime) -> dict[int, Facts]:
    """By association: what is known now. The number of queries does not grow with theirs."""
    rows = Association.objects.filter(pk__in=association_ids).select_related("customer", "account")
    associations = {row.pk: row for row in rows}
    restrictions = guard.restrictions_of_each(list(associations.values()), moment)
    budgets = dict(Budget.objects.filter(pk__in=associations).values_list("pk", "type"))
    counts = _resources(associations.values())
    rates = pace.per_day(list(associations), moment)
    return {
        key: Facts(
            association=row,
            restrictions=restrictions[key],
            budget_type=budgets.get(key, ""),
            standing=restrictions[key].standing or BudgetStanding(None, Decimal(0)),
            running=counts.get(row.customer_id, (0, 0))[0],
            frozen=counts.get(row.customer_id, (0, 0))[1],
            per_day=rates.get(key, Decimal(0)),
        )
        for key, row in associations.items()
    }


def _resources(associations: Collection[Association]) -> dict[int, tuple[int, int]]:
    """By customer: how many resources run and how many stand frozen."""
    rows = CloudResource.objects.existing().filter(
        account__in=[row.customer_id for row in associations]
    )
    counted = rows.order_by().values("account_id")
    return {
        row["account_id"]: (row["running"], row["frozen"])
        for row in counted.annotate(
            running=Count("pk", filter=Q(frozen_at=None)),
            frozen=Count("pk", filter=Q(frozen_at__isnull=False)),
        )
    }
