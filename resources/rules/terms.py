"""Terms of resources: calendar arithmetic in GMT+08:00, pure.

A term runs from a moment to the same time of day on the same day of a later month; where that month
is too short, to its last day. It therefore always has a whole number of days. The day of the month is
that of the first term: Jan 31 + 1 month is Feb 28, and + 1 month again is Mar 31.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalog.choices import Period
from partner_center.clock import BUSINESS_ZONE, BillingCycle

DAY = timedelta(days=1)
#: Months of one period; periods of other kinds have a fixed length.
MONTHS = {Period.MONTH: 1, Period.YEAR: 12}
_LENGTHS = {Period.HOUR: timedelta(hours=1), Period.DAY: DAY}
#: The common day of expiry that means the last of the month (API B.27).
LAST_DAY = -1


@dataclass(frozen=True)
class Term:
    """From ``starts`` (included) to ``ends`` (not included), UTC."""

    starts: datetime
    ends: datetime

    @property
    def days(self) -> int:
        """Whole days of the term; at least 1, so that it can divide."""
        return max((self.ends - self.starts) // DAY, 1)

    def unused_days(self, moment: datetime) -> int:
        """Whole days that have not begun: the day that ``moment`` falls into is used."""
        if moment <= self.starts:
            return self.days
        return max((self.ends - moment) // DAY, 0)

    @property
    def hours(self) -> int:
        """Whole hours of the term."""
        return int((self.ends - self.starts) // timedelta(hours=1))


def add_months(moment: datetime, months: int, *, day: int | None = None) -> datetime:
    """The same time of day ``months`` later in GMT+08:00; UTC.

    ``day`` is the day of the month to land on, that of ``moment`` when absent; clipped to the month.
    """
    local = moment.astimezone(BUSINESS_ZONE)
    month = BillingCycle.of(moment).plus(months)
    landing = min(day or local.day, calendar.monthrange(month.year, month.month)[1])
    return local.replace(year=month.year, month=month.month, day=landing).astimezone(UTC)


def term_from(starts: datetime, period: str, count: int, *, anchor: datetime | None = None) -> Term:
    """The term of ``count`` periods from ``starts``.

    ``anchor`` is the beginning of the first term: its day of the month counts as long as the terms
    so far have kept to it.
    """
    kind = Period(period)
    if kind in _LENGTHS:
        return Term(starts, starts + _LENGTHS[kind] * count)
    months = MONTHS[kind] * count
    return Term(starts, add_months(starts, months, day=_day(starts, anchor)))


def _day(starts: datetime, anchor: datetime | None) -> int:
    local = starts.astimezone(BUSINESS_ZONE)
    if anchor is None:
        return local.day
    wanted = anchor.astimezone(BUSINESS_ZONE).day
    last = calendar.monthrange(local.year, local.month)[1]
    return wanted if local.day == min(wanted, last) else local.day


def to_common_day(ends: datetime, expiry_day: int) -> datetime:
    """The first moment from ``ends`` on that falls on the common day of expiry (API B.27)."""
    if (same := _on_day(ends, 0, expiry_day)) >= ends:
        return same
    return _on_day(ends, 1, expiry_day)


def _on_day(moment: datetime, months: int, expiry_day: int) -> datetime:
    return add_months(moment, months, day=31 if expiry_day == LAST_DAY else expiry_day)


def deduction_begins(expires_at: datetime, days: int) -> datetime:
    """When auto-renewal is first tried: 03:00 GMT+08:00, ``days`` days before expiry (API B.25)."""
    local = (expires_at - days * DAY).astimezone(BUSINESS_ZONE)
    return local.replace(hour=3, minute=0, second=0, microsecond=0).astimezone(UTC)


def cycles_of(term: Term) -> list[tuple[BillingCycle, Term]]:
    """The calendar months that a term touches, each with the part of the term in it."""
    cycle, found = BillingCycle.of(term.starts), []
    while cycle.start < term.ends:
        found.append((cycle, Term(max(cycle.start, term.starts), min(cycle.end, term.ends))))
        cycle = cycle.next()
    return found
