"""Which months of the demo world hold what, by the day on which it is built (GMT+08:00)."""

from __future__ import annotations

from datetime import date, datetime

from billing.rules import periods
from partner_center import clock
from partner_center.clock import BillingCycle

from . import usage


def first(now: datetime) -> BillingCycle:
    """The first month with usage, and the first that is billed."""
    return BillingCycle.of(now).plus(-usage.MONTHS)


def billed(now: datetime) -> list[BillingCycle]:
    """Months whose bills are issued, the oldest first: until the 5th the last month is not."""
    found, newest = first(now), periods.newest_due(now)
    return [found.plus(number) for number in range(usage.MONTHS) if found.plus(number) <= newest]


def unbilled(now: datetime) -> BillingCycle:
    """The month before the first: terms and partnerships reach back to it, but nobody billed it.

    No run is due for it either, so that it waits for whoever tries the bill run by hand.
    """
    return first(now).previous()


def first_day(now: datetime, ago: int) -> date:
    """The first day of the month so many months ago."""
    return clock.business_date(BillingCycle.of(now).plus(-ago).start)
