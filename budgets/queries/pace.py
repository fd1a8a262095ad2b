"""How fast customers spend: the average of the last complete days (see :mod:`budgets.rules.pace`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Greatest, Least, TruncDate

from catalog.choices import BillingMode
from catalog.rules.pricing import EXACT
from customers.choices import AssociationModel
from customers.models import Association
from metering.choices import BillType
from metering.models import DailySpend
from partner_center.clock import BUSINESS_ZONE, BillingCycle, business_date
from partner_center.usage import UsageBar, usage_bar

from ..choices import BudgetType, FreezeStatus
from ..models import Budget, FreezeState
from ..rules import pace as rules
from ..rules.pace import DAYS
from . import usage

#: What goes on by itself; the rest is ordered and paid in advance.
RUNNING = (BillingMode.PAY_PER_USE, BillingMode.RESERVED_HOURLY)


def per_day(association_ids: Collection[int], moment: datetime) -> dict[int, Decimal]:
    """By association: what a day costs, in USD at list price; absent where nothing was spent.

    One query for the spend, one for the moments of association.
    """
    since = dict(
        Association.objects.filter(pk__in=association_ids).values_list("pk", "associated_at")
    )
    customers = Association.objects.filter(pk__in=association_ids).values("customer_id")
    spent = _lately(moment).filter(customer_id__in=customers, association_id__in=association_ids)
    rows = spent.order_by().values_list("association_id").annotate(total=Sum("list_amount"))
    return {
        key: EXACT.divide(total, Decimal(_days(since[key], moment)))
        for key, total in rows
        if total > 0
    }


def _days(associated_at: datetime, moment: datetime) -> int:
    """Complete days since the association, seven at most, one at least."""
    complete = (business_date(moment) - business_date(associated_at)).days
    return max(1, min(DAYS, complete))


def _lately(moment: datetime) -> QuerySet[DailySpend]:
    """What goes on by itself, of the last complete days."""
    today = business_date(moment)
    return DailySpend.objects.filter(
        model=AssociationModel.RESELLER,
        mode__in=RUNNING,
        bill_type=BillType.EXPENDITURE,
        spent_on__gte=today - timedelta(days=DAYS),
        spent_on__lt=today,
    )


# --- Over many customers ---------------------------------------------------------------------------


class _Day(Func):
    """The rule's day of exhaustion in SQL. Arguments: seconds until then, seconds looked ahead, seconds
    since midnight, today. ``OFFSET 0`` keeps the database from working out the first one three times.
    """

    template = (
        "(SELECT CASE WHEN f.secs > 0 AND f.secs <= f.ahead THEN f.today"
        " + LEAST(FLOOR((f.passed + FLOOR(f.secs)) / 86400),"
        " FLOOR((f.passed + f.ahead - 1) / 86400))::int END"
        " FROM (SELECT %(expressions)s OFFSET 0) AS f (secs, ahead, passed, today))"
    )
    output_field = DateField()


class _DaysSince(Func):
    """Whole days from the second date to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


_EXACT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=60, decimal_places=20)


def exhausts_on(moment: datetime) -> Subquery:
    """Expression over associations: when the budget will be used up; absent if not in its period.

    The same as :func:`budgets.rules.pace.forecast` says of one customer. Nothing is foretold of whoever
    has no budget, spends nothing, or stands frozen with all resources.
    """
    today = business_date(moment)
    lately = _lately(moment).filter(
        customer_id=OuterRef("customer_id"), association_id=OuterRef("association_id")
    )
    total = lately.order_by().values("association_id").annotate(total=Sum("list_amount"))
    complete = _DaysSince(
        Value(today, output_field=DateField()),
        TruncDate("association__associated_at", tzinfo=BUSINESS_ZONE),
    )
    days = Greatest(Value(1), Least(Value(DAYS), complete))
    seconds = (
        (F("amount") - usage.used(moment))
        * days
        * Value(Decimal(86_400))
        / Subquery(total.filter(total__gt=0).values("total"), output_field=_EXACT)
    )
    ahead = Case(
        When(type=BudgetType.ONE_TIME, then=Value(_whole(rules.HORIZON))),
        default=Value(_whole(BillingCycle.of(moment).end - moment)),
        output_field=IntegerField(),
    )
    day = _Day(
        _Cast(seconds),
        ahead,
        Value(_whole(moment - _midnight(today, 0))),
        Value(today, output_field=DateField()),
    )
    running = Budget.objects.filter(pk=OuterRef("pk"), amount__gt=0)
    running = running.exclude(association__freeze_state__state=FreezeStatus.RESOURCES)
    return Subquery(running.order_by().values_list(day)[:1], output_field=DateField())


#: Keys of associations whose budget will be used up before its period ends and within %(bound)s seconds.
#: Each roll-up is read once for all customers of the partners; what counts is the same as above.
_EXHAUSTING = """
SELECT b.association_id
FROM budgets_budget b
JOIN customers_association a ON a.id = b.association_id
JOIN budgets_freezestate f ON f.association_id = b.association_id AND f.state <> 'resources'
JOIN (
    SELECT d.association_id, sum(d.list_amount) AS total
    FROM metering_dailyspend d
    WHERE d.partner_id = ANY(%(partners)s) AND d.spent_on >= %(since)s AND d.spent_on < %(today)s
        AND d.model = 'reseller' AND d.bill_type = 'expenditure' AND d.mode = ANY(%(running)s)
    GROUP BY d.association_id
) lately ON lately.association_id = b.association_id
LEFT JOIN (
    SELECT x.association_id, greatest(sum(x.list_amount), 0) AS amount
    FROM (
        SELECT s.association_id, s.list_amount
        FROM metering_monthlyspend s
        WHERE s.partner_id = ANY(%(partners)s) AND s.cycle = %(cycle)s AND s.model = 'reseller'
        UNION ALL
        SELECT s.association_id, s.list_amount
        FROM budgets_budget o
        JOIN metering_monthlyspend s ON s.customer_id = o.customer_id
            AND s.association_id = o.association_id AND s.model = 'reseller'
            AND s.cycle >= o.counts_from AND s.cycle < %(cycle)s
        WHERE o.account_id = ANY(%(partners)s) AND o.type = 'one_time' AND o.amount > 0
    ) x
    GROUP BY x.association_id
) used ON used.association_id = b.association_id
CROSS JOIN LATERAL (
    SELECT b.amount - coalesce(used.amount, 0) AS amount,
        86400 * greatest(1, least(%(days)s,
            %(today)s - (a.associated_at AT TIME ZONE 'Asia/Singapore')::date)) AS seconds,
        CASE b.type WHEN 'one_time' THEN %(horizon)s ELSE %(month)s END AS ahead
) rest
WHERE b.account_id = ANY(%(partners)s) AND b.amount > 0 AND rest.amount > 0
    AND rest.amount * rest.seconds <= rest.ahead * lately.total
    AND (rest.ahead <= %(bound)s OR rest.amount * rest.seconds < %(bound)s * lately.total)
"""


def exhausting(
    partner_ids: Collection[int], moment: datetime, *, within: int | None = None
) -> Expression:
    """Keys of associations of these partners whose budget will be used up before its period ends, and
    at the latest in so many days; one set-based statement that says the same as :func:`exhausts_on`.
    """
    today, cycle = business_date(moment), BillingCycle.of(moment)
    horizon = _whole(rules.HORIZON)
    bound = horizon if within is None else _whole(_midnight(today, within + 1) - moment)
    return _Keys(
        _EXHAUSTING,
        {
            "partners": list(partner_ids),
            "since": today - timedelta(days=DAYS),
            "today": today,
            "running": [str(mode) for mode in RUNNING],
            "cycle": str(cycle),
            "days": DAYS,
            "horizon": horizon,
            "month": _whole(cycle.end - moment),
            "bound": bound,
        },
    )


class _Keys(Expression):
    """A statement of keys for ``pk__in``; the statement around it knows no named parameters."""

    def __init__(self, statement: str, values: Mapping[str, object]) -> None:
        super().__init__(output_field=IntegerField())
        self.statement, self.values = statement, values

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """In brackets, with the values in their order."""
        names = re.findall(r"%\((\w+)\)s", self.statement)
        plain = re.sub(r"%\(\w+\)s", "%s", self.statement)
        return f"({plain})", [self.values[name] for name in names]


def _midnight(today: date, days: int) -> datetime:
    """The beginning of the day that many days after today, in GMT+08:00."""
    return datetime.combine(today + timedelta(days=days), time(), BUSINESS_ZONE)


class _Cast(Func):
    """An expression whose type Django cannot tell: exact decimals."""

    template = "%(expressions)s"
    output_field = _EXACT


def _whole(span: timedelta) -> int:
    return span // timedelta(seconds=1)


# --- One customer ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One day of the chart; amounts in USD at list price."""

    day: date
    #: What the day cost, and what was used at its end; absent in the future.
    spent: Decimal | None
    used: Decimal | None
    #: What will be used at its end at the present pace, from today on.
    expected: Decimal | None


@dataclass(frozen=True)
class Course:
    """How a budget is being used, and how it will be at the present pace."""

    budget: Budget
    used: Decimal
    forecast: rules.Forecast
    days: tuple[Day, ...]
    is_frozen: bool

    @property
    def is_monthly(self) -> bool:
        """Whether the period is the month."""
        return self.budget.type == BudgetType.MONTHLY

    @property
    def bar(self) -> UsageBar:
        """The usage bar, with the forecast at the end of the period."""
        return usage_bar(self.used, self.budget.amount, forecast=self.forecast.expected)


#: Days before and after today that the chart of a one-time budget shows.
AROUND = timedelta(days=29)


def course_of(association_id: int, moment: datetime) -> Course | None:
    """The course of one customer's budget; None without one. Six queries."""
    budget = Budget.objects.filter(pk=association_id, amount__gt=0).first()
    if budget is None:
        return None
    used = usage.used_of([association_id], moment)[association_id]
    state = FreezeState.objects.filter(pk=association_id).values_list("state", flat=True).first()
    is_frozen = state == FreezeStatus.RESOURCES
    rate = Decimal(0) if is_frozen else per_day([association_id], moment).get(association_id)
    found = rules.forecast(budget.type, budget.amount, used, rate or Decimal(0), moment)
    days = _days_of(budget, used, found, moment)
    return Course(budget, used, found, days, is_frozen)


def _days_of(
    budget: Budget, used: Decimal, found: rules.Forecast, moment: datetime
) -> tuple[Day, ...]:
    today, cycle = business_date(moment), BillingCycle.of(moment)
    first = date(cycle.year, cycle.month, 1)
    last, since = found.until, str(cycle)
    if budget.type == BudgetType.ONE_TIME:
        first, last, since = today - AROUND, today + AROUND, budget.counts_from
    spent = _by_day(budget, since, str(cycle))
    left = used
    past: list[Day] = []
    for number in range((today - first).days, -1, -1):
        day = first + timedelta(days=number)
        ahead = used if day == today else None
        past.append(Day(day, spent.get(day, Decimal(0)), left, ahead))
        left = EXACT.subtract(left, spent.get(day, Decimal(0)))
    future = rules.ahead(used, found.per_day, moment, last)
    return (*reversed(past), *(Day(day, None, None, amount) for day, amount in future))


def _by_day(budget: Budget, since: str, until: str) -> dict[date, Decimal]:
    rows = DailySpend.objects.filter(
        customer_id=budget.customer_id,
        association_id=budget.pk,
        model=AssociationModel.RESELLER,
        cycle__gte=since,
        cycle__lte=until,
    )
    return dict(rows.order_by().values_list("spent_on").annotate(total=Sum("list_amount")))
