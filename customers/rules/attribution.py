"""Decisions of the customers app over plain values."""

from __future__ import annotations

from datetime import datetime

from partner_center.clock import BillingCycle


def attribution_end(unassigned_at: datetime) -> datetime:
    """Until when the expenditure of a customer counts for a manager who was unassigned.

    The first moment of the next month in GMT+08:00, returned in UTC (04 §8.3.2.1, 02 S-07).
    """
    return BillingCycle.of(unassigned_at).end
