"""Working days of the manual review (04-PRE-08)."""

from __future__ import annotations

from datetime import datetime

import pytest

from customers.rules.preregistration import review_due
from partner_center.clock import BUSINESS_ZONE


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE)


@pytest.mark.requirement("04-PRE-08", "07-RPRE-09")
@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2026-11-16T10:30", "2026-11-18T10:30"),  # Monday
        ("2026-11-19T10:30", "2026-11-23T10:30"),  # Thursday, over the weekend
        ("2026-11-20T23:59", "2026-11-24T23:59"),  # Friday night
        ("2026-11-21T00:00", "2026-11-25T00:00"),  # Saturday counts from Monday, 00:00
        ("2026-11-22T18:00", "2026-11-25T00:00"),  # Sunday
    ],
)
def test_a_review_is_due_two_working_days_later(submitted: str, due: str) -> None:
    assert review_due(_moment(submitted)) == _moment(due)


def test_days_are_those_of_gmt_plus_eight() -> None:
    friday_in_utc = datetime.fromisoformat("2026-11-20T16:30+00:00")  # Saturday 00:30 here
    assert review_due(friday_in_utc) == _moment("2026-11-25T00:00")
