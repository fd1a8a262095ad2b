"""What budgets have used: list-price spend of the association in the Reseller model (04-BFM-02).

Read from the monthly roll-up, which is kept in the transaction that charges: no figure here is older
than the last record that was taken in. Months are billing cycles, GMT+08:00.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThanOrEqual

from customers.choices import AssociationModel
from customers.models.association import AssociationQuerySet
from metering.models import MonthlySpend
from partner_center.clock import BillingCycle

from ..choices import BudgetType
from ..models import Budget
from ..rules.matrix import BudgetStanding
from ..rules.usage import EXHAUSTED, THRESHOLDS

_EXACT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=38, decimal_places=20)
NOTHING = Value(Decimal(0), output_field=_EXACT)


def spent(association: str, customer: str, since: object, until: str) -> Greatest:
    """Expression: spend of an association from the one cycle to the other; refunds never below 0.

    ``association`` and ``customer`` are the names of their keys in the outer query; ``since`` a cycle
    or an expression of one.
    """
    rows = MonthlySpend.objects.filter(
        customer_id=OuterRef(customer),
        association_id=OuterRef(association),
        model=AssociationModel.RESELLER,
        cycle__gte=since,
        cycle__lte=until,
    )
    total = rows.order_by().values("association_id").annotate(total=Sum("list_amount"))
    return Greatest(Coalesce(Subquery(total.values("total")), NOTHING), NOTHING)


def used(moment: datetime, prefix: str = "") -> Case:
    """Expression over budgets (with ``prefix`` ``budget__`` over associations): what is used, in USD."""
    return _used(moment, prefix, f"{prefix}association_id", f"{prefix}customer_id")


def used_with_or_without(moment: datetime) -> Case:
    """Expression over associations: what the budget has used, in USD; without one, what a monthly
    budget would count: the spend of this month."""
    return _used(moment, "budget__", "pk", "customer_id")


def _used(moment: datetime, prefix: str, association: str, customer: str) -> Case:
    keys, cycle = (association, customer), str(BillingCycle.of(moment))
    return Case(
        When(
            Q(**{f"{prefix}type": BudgetType.ONE_TIME}),
            then=spent(*keys, OuterRef(f"{prefix}counts_from"), cycle),
        ),
        default=spent(*keys, cycle, cycle),
        output_field=_EXACT,
    )


def standings_of(association_ids: Collection[int], moment: datetime) -> dict[int, BudgetStanding]:
    """By association: amount and use of its budget; associations without one are left out."""
    rows = Budget.objects.filter(pk__in=association_ids).annotate(used_now=used(moment))
    found = rows.values_list("pk", "amount", "used_now")
    return {key: BudgetStanding(amount, used_now) for key, amount, used_now in found}


def used_of(association_ids: Collection[int], moment: datetime) -> dict[int, Decimal]:
    """By association: what its budget has used; associations without a budget are left out."""
    return {key: found.used for key, found in standings_of(association_ids, moment).items()}


def spent_this_month(association_id: int, moment: datetime) -> Decimal:
    """Month-to-date spend of one association, with or without a budget; in USD at list price."""
    cycle = str(BillingCycle.of(moment))
    rows = MonthlySpend.objects.filter(
        association_id=association_id, model=AssociationModel.RESELLER, cycle=cycle
    )
    total: Decimal | None = rows.aggregate(total=Sum("list_amount"))["total"]
    return max(total or Decimal(0), Decimal(0))


def monthly_budget() -> Case:
    """Expression over associations: its monthly budget; 0 before the first budget, absent while a
    one-time budget is in its place, and outside the Reseller model (04-CUS-04)."""
    return Case(
        When(~Q(model=AssociationModel.RESELLER) | Q(budget__type=BudgetType.ONE_TIME), then=None),
        default=Coalesce("budget__amount", Value(Decimal(0))),
        output_field=Budget._meta.get_field("amount"),
    )


def one_time_budget() -> Case:
    """Expression over associations: its one-time budget, absent without one (04-CUS-04)."""
    of_type = Q(model=AssociationModel.RESELLER, budget__type=BudgetType.ONE_TIME)
    return Case(When(of_type, then="budget__amount"))


def current_estimate(moment: datetime) -> Case:
    """Expression over associations: what a monthly budget has used, absent without one (04-CUS-10)."""
    cycle = str(BillingCycle.of(moment))
    has_one = Q(budget__type=BudgetType.MONTHLY, budget__amount__gt=0)
    return Case(When(has_one, then=spent("pk", "customer_id", cycle, cycle)), output_field=_EXACT)


def percent(moment: datetime) -> Case:
    """Expression over associations: whole percent of the budget that is used, rounded down; absent
    without a budget (04-BFM-03)."""
    share = ExpressionWrapper(used(moment, "budget__") * Value(Decimal(100)), output_field=_EXACT)
    whole = Func(share, F("budget__amount"), function="div", output_field=_EXACT)
    return Case(When(budget__amount__gt=0, then=whole), output_field=_EXACT)


def share(moment: datetime) -> Case:
    """Expression over associations: used of the budget, exactly; absent without a budget. To sort by."""
    part = ExpressionWrapper(used(moment, "budget__") / F("budget__amount"), output_field=_EXACT)
    return Case(When(budget__amount__gt=0, then=part), output_field=_EXACT)


def without_budget() -> Q:
    """Condition over associations: in the Reseller model, and no budget is set."""
    is_set = Budget.objects.filter(
        association=OuterRef("pk"), account=OuterRef("account"), amount__gt=0
    )
    return Q(model=AssociationModel.RESELLER) & ~Q(Exists(is_set))


def with_budget() -> Q:
    """Condition over associations: a budget is set. The partner's key makes its index usable."""
    return Q(budget__account=F("account"), budget__amount__gt=0)


def about_to_exceed(moment: datetime) -> Q:
    """Condition over associations: the first threshold is reached, and something is left."""
    return _told_from(THRESHOLDS[0], moment) & ~Q(_reaches(EXHAUSTED, moment))


def used_up(moment: datetime) -> Q:
    """Condition over associations: nothing of the budget is left."""
    return _told_from(EXHAUSTED, moment)


def _told_from(least: int, moment: datetime) -> Q:
    """Those whom the check has found at this threshold, and who are there still.

    What was told is stored: it leaves a few budgets, and only their use is summed up.
    """
    is_current = Q(budget__type=BudgetType.ONE_TIME) | Q(
        budget__period=str(BillingCycle.of(moment))
    )
    told = with_budget() & Q(budget__level__gte=least) & is_current
    return told & Q(_reaches(least, moment))


def _reaches(least: int, moment: datetime) -> GreaterThanOrEqual:
    limit = ExpressionWrapper(
        F("budget__amount") * Value(Decimal(least) / Decimal(100)), output_field=_EXACT
    )
    return GreaterThanOrEqual(used(moment, "budget__"), limit)


def used_to(rows: AssociationQuerySet, least: int, moment: datetime) -> AssociationQuerySet:
    """Those of the associations whose budget is used to at least so many percent, exactly."""
    found = rows.filter(with_budget()).alias(used_now=used(moment, "budget__"))
    return found.filter(used_now__gte=F("budget__amount") * Decimal(least) / Decimal(100))
