"""Which spend is shown when, and for whose customers it counts: pure functions over days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from partner_center.clock import BillingCycle, business_date

#: Cycles before the current one whose details can be asked for (04 D-50).
MONTHS_KEPT = 18
#: Records that one export holds at most (04-EXD-03, D-49).
MOST_EXPORTED = 5_000_000
#: The spend of a day is summed up on the second day after it (04 D-31).
SUMMARY_DELAY = timedelta(days=2)
#: Spend counts for an account manager from the second day after the assignment (04 D-29).
ATTRIBUTION_DELAY = timedelta(days=2)


def summed_up_to(moment: datetime) -> date:
    """The last day that the summary shows: day D from 00:00 GMT+08:00 of D+2 on (04-EXS-03, D-31)."""
    return business_date(moment) - SUMMARY_DELAY


def is_summed_up(cycle: str, moment: datetime) -> bool:
    """Whether every day of the cycle is shown in the summary."""
    last = business_date(BillingCycle.parse(cycle).end - timedelta(microseconds=1))
    return last <= summed_up_to(moment)


def cycles_kept(moment: datetime) -> list[str]:
    """The current cycle and the 18 before it, newest first (04-EXD-02, D-50)."""
    current = BillingCycle.of(moment)
    return [str(current.plus(-months)) for months in range(MONTHS_KEPT + 1)]


def counts_from(assigned_at: datetime) -> date:
    """First day whose spend counts for an account manager who was assigned then (04-EXS-04)."""
    return business_date(assigned_at) + ATTRIBUTION_DELAY
