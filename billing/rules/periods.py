"""When a cycle is billed, all in GMT+08:00 (05-BQY-07, REP-01, C-01)."""

from __future__ import annotations

from datetime import datetime, timedelta

from partner_center.clock import BillingCycle

#: Day of the following month on which bills are issued.
ISSUE_DAY = 5


def issue_from(cycle: BillingCycle) -> datetime:
    """The 5th of the following month, 00:00: when the run begins. UTC."""
    return cycle.end + timedelta(days=ISSUE_DAY - 1)


def issue_until(cycle: BillingCycle) -> datetime:
    """The 5th of the following month, 12:00 noon: when every bill must be there. UTC."""
    return issue_from(cycle) + timedelta(hours=12)


def newest_due(moment: datetime) -> BillingCycle:
    """The newest cycle whose run has begun by this moment."""
    previous = BillingCycle.of(moment).previous()
    return previous if issue_from(previous) <= moment else previous.previous()
