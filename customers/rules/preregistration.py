"""Figures and dates of pre-registrations: decisions over plain values (04 §8.2.2.1)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from partner_center.clock import BUSINESS_ZONE

#: Pending and valid pre-registrations of one partner (04-PRE-04).
LIMIT = 100
#: 15 × 24 hours from registration, or from approval after a review (04-PRE-05, D-32).
VALIDITY = timedelta(days=15)
#: Working days within which the operator reviews (04-PRE-08).
REVIEW_DAYS = 2
_SATURDAY = 5


def review_due(submitted_at: datetime) -> datetime:
    """Until when a request must be reviewed: two working days later, at the same time of the day.

    Working days are Monday to Friday in GMT+08:00; what comes in at a weekend counts from Monday,
    00:00.
    """
    due = submitted_at.astimezone(BUSINESS_ZONE)
    if due.weekday() >= _SATURDAY:
        due = datetime.combine(_next_working_day(due), time(), BUSINESS_ZONE)
    for _day in range(REVIEW_DAYS):
        due = _next_working_day(due)
    return due


def _next_working_day(moment: datetime) -> datetime:
    moment += timedelta(days=1)
    while moment.weekday() >= _SATURDAY:
        moment += timedelta(days=1)
    return moment
