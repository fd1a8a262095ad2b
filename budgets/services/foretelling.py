"""Forecast alerts: a budget that will be used up before its period ends (see :mod:`budgets.rules.pace`).

Once a day. One statement finds the budgets that might be; the rule decides about each of them under
the lock. Safe to repeat: what was told stands in the budget and in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from partner_center.clock import BillingCycle, business_date
from resellers.models import ResellerAssociation

from ..choices import AlertKind, FreezeStatus
from ..locks import lock_live
from ..models import Budget, BudgetAlert, FreezeState, PendingAlert
from ..queries import alert_settings, pace, usage
from ..rules import pace as rules

#: Customers that one transaction locks.
AT_ONCE = 1_000

#: Budgets that would be used up if all that seven days have cost went on every day: more than will
#: be, because the pace is what one day costs; the rule decides.
_MIGHT = """
WITH spent AS (
    SELECT d.association_id, sum(d.list_amount) AS lately
    FROM metering_dailyspend d
    WHERE d.spent_on >= %(since)s AND d.spent_on < %(today)s AND d.model = 'reseller'
        AND d.bill_type = 'expenditure' AND d.mode = ANY(%(running)s)
    GROUP BY d.association_id
    HAVING sum(d.list_amount) > 0
), used AS (
    SELECT b.association_id, sum(s.list_amount) AS used
    FROM budgets_budget b
    JOIN metering_monthlyspend s ON s.customer_id = b.customer_id
        AND s.association_id = b.association_id AND s.model = 'reseller'
        AND s.cycle BETWEEN CASE WHEN b.type = 'monthly' THEN %(cycle)s ELSE b.counts_from END
            AND %(cycle)s
    WHERE b.amount > 0
    GROUP BY b.association_id
)
SELECT b.association_id
FROM budgets_budget b
JOIN spent ON spent.association_id = b.association_id
LEFT JOIN used ON used.association_id = b.association_id
WHERE b.amount > 0 AND coalesce(used.used, 0) < b.amount
    AND coalesce(used.used, 0) + spent.lately * CASE WHEN b.type = 'monthly' THEN %(left)s
        ELSE %(horizon)s END >= b.amount
ORDER BY b.association_id
"""


def foretell(moment: datetime) -> int:
    """Enter forecast alerts for all budgets that will be used up; returns how many."""
    return sum(_enter(keys, moment) for keys in _portions(_might(moment)))


def _might(moment: datetime) -> list[int]:
    cycle, today = BillingCycle.of(moment), business_date(moment)
    days_left = (business_date(cycle.end) - today).days
    with connection.cursor() as cursor:
        cursor.execute(
            _MIGHT,
            {
                "since": today - timedelta(days=rules.DAYS),
                "today": today,
                "running": [str(mode) for mode in pace.RUNNING],
                "cycle": str(cycle),
                "left": days_left,
                "horizon": rules.HORIZON.days + 1,
            },
        )
        return [key for (key,) in cursor.fetchall()]


def _portions(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


@transaction.atomic(durable=True)
def _enter(association_ids: Sequence[int], moment: datetime) -> int:
    """Lock the customers, look again, and enter what is news."""
    live = {row.pk: row for row in lock_live(association_ids)}
    wanted = _wanted({row.account_id for row in live.values()})
    keys = _running([key for key, row in live.items() if row.account_id in wanted])
    budgets = Budget.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    rates, used = pace.per_day(keys, moment), usage.used_of(keys, moment)
    told = [
        (budget, day)
        for budget in budgets
        if budget.pk in rates
        and (day := _news(budget, used[budget.pk], rates[budget.pk], moment)) is not None
    ]
    alerts = BudgetAlert.objects.bulk_create(
        _alert(budget, day, used[budget.pk], moment) for budget, day in told
    )
    PendingAlert.objects.bulk_create(PendingAlert(alert=alert) for alert in alerts)
    _note(told, moment)
    return len(alerts)


def _news(budget: Budget, used: Decimal, per_day: Decimal, moment: datetime) -> date | None:
    """The expected day of exhaustion, unless it was told already and has hardly moved."""
    found = rules.forecast(budget.type, budget.amount, used, per_day, moment).exhausts_on
    is_current = budget.period == rules.period_of(budget.type, moment)
    told = budget.forecast_told if is_current else None
    return found if found is not None and rules.is_news(told, found) else None


def _wanted(account_ids: set[int]) -> set[int]:
    """Partners whose forecasts somebody wants to be told: they themselves or their distributor."""
    ties = ResellerAssociation.objects.filter(reseller__in=account_ids, ended_at=None)
    above = dict(ties.values_list("reseller_id", "account_id"))
    unwilling = alert_settings.unwilling({*account_ids, *above.values()})
    return {key for key in account_ids if {key, above.get(key, key)} - unwilling}


def _running(keys: Sequence[int]) -> list[int]:
    """Customers whose resources run: what stands frozen goes on costing nothing."""
    rows = FreezeState.objects.filter(pk__in=keys).exclude(state=FreezeStatus.RESOURCES)
    return sorted(rows.values_list("pk", flat=True))


def _alert(budget: Budget, day: date, used: Decimal, moment: datetime) -> BudgetAlert:
    return BudgetAlert(
        account_id=budget.account_id,
        association_id=budget.pk,
        kind=AlertKind.FORECAST,
        budget_type=budget.type,
        period=rules.period_of(budget.type, moment),
        arming=budget.arming,
        amount=budget.amount,
        used=used,
        action=budget.action,
        exhausts_on=day,
        at=moment,
    )


def _note(told: Sequence[tuple[Budget, date]], moment: datetime) -> None:
    """Keep the told day; in a new period the thresholds of the old one count no more."""
    for budget, day in told:
        period = rules.period_of(budget.type, moment)
        if budget.period != period:
            budget.period, budget.level = period, 0
        budget.forecast_told = day
    Budget.objects.bulk_update(
        [budget for budget, _day in told], ["period", "level", "forecast_told"]
    )
