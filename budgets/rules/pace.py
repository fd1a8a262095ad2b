"""Pace: when a budget will be used up if spending goes on as in the last days.

The method, as pages explain it: what pay-per-use has cost on the last seven complete days (fewer for a
newer customer), divided by their number, goes on every day. Orders paid in advance are single events
and do not count towards the pace; they do count towards what is used. Days are those of GMT+08:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal

from catalog.rules.pricing import EXACT
from partner_center.clock import BUSINESS_ZONE, BillingCycle, business_date

from ..choices import BudgetType

#: Complete days that the pace is the average of.
DAYS = 7
#: How far ahead the exhaustion of a one-time budget is foretold.
HORIZON = timedelta(days=60)
#: A told day of exhaustion is told again when it moves by more than this.
MOVES = timedelta(days=3)
_DAY = Decimal(86_400)


@dataclass(frozen=True)
class Forecast:
    """What the pace means for one budget. Amounts in USD at list price."""

    #: What one day costs.
    per_day: Decimal
    #: Day on which the budget is used up, if that is before ``until``; absent otherwise.
    exhausts_on: date | None
    #: Last day that is looked at: the end of the month, or of the horizon of a one-time budget.
    until: date
    #: What will be used at the end of that day.
    expected: Decimal

    @property
    def per_hour(self) -> Decimal:
        """What one hour costs."""
        return per_hour(self.per_day)


def forecast(
    budget_type: str, amount: Decimal, used: Decimal, per_day: Decimal, moment: datetime
) -> Forecast:
    """Look ahead from ``moment``. A budget that is exhausted already is not foretold anything."""
    end = period_end(budget_type, moment)
    until = business_date(end - timedelta(microseconds=1))
    left = EXACT.divide(Decimal((end - moment) // timedelta(seconds=1)), _DAY)
    expected = EXACT.add(used, EXACT.multiply(per_day, left))
    exhausts_on = None
    if amount > 0 and used < amount <= expected:
        days = EXACT.divide(EXACT.subtract(amount, used), per_day)
        seconds = int(EXACT.multiply(days, _DAY))
        exhausts_on = min(business_date(moment + timedelta(seconds=seconds)), until)
    return Forecast(per_day, exhausts_on, until, expected)


def period_end(budget_type: str, moment: datetime) -> datetime:
    """First moment that the forecast does not look at any more."""
    if budget_type == BudgetType.ONE_TIME:
        return moment + HORIZON
    return BillingCycle.of(moment).end


def ahead(
    used: Decimal, per_day: Decimal, moment: datetime, last: date
) -> Iterator[tuple[date, Decimal]]:
    """What will be used at the end of each day after today, at this pace."""
    today = business_date(moment)
    next_day = datetime.combine(today + timedelta(days=1), time(), BUSINESS_ZONE)
    rest = Decimal((next_day - moment) // timedelta(seconds=1))
    expected = EXACT.add(used, EXACT.multiply(per_day, EXACT.divide(rest, _DAY)))
    for number in range(1, (last - today).days + 1):
        expected = EXACT.add(expected, per_day)
        yield today + timedelta(days=number), expected


def period_of(budget_type: str, moment: datetime) -> str:
    """The period that alerts belong to: the billing cycle, empty for a one-time budget (04-BFM-05)."""
    return "" if budget_type == BudgetType.ONE_TIME else str(BillingCycle.of(moment))


def is_news(told: date | None, exhausts_on: date) -> bool:
    """Whether a day of exhaustion is to be told: the first of its period, or one that has moved."""
    return told is None or abs(exhausts_on - told) > MOVES


def per_hour(per_day: Decimal) -> Decimal:
    """What one hour costs at this pace, cut off at 20 decimals."""
    hour = EXACT.divide(per_day, Decimal(24))
    return hour.quantize(Decimal("1E-20"), rounding=ROUND_DOWN, context=EXACT)
