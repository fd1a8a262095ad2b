"""Terms by the calendar of GMT+08:00: month ends, leap day, year end (08 §10.5, API B.23 to B.27)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from resources.rules import terms
from resources.rules.terms import Term


def at(text: str) -> datetime:
    """A moment in GMT+08:00."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.requirement("08-BUY-05")
@pytest.mark.parametrize(
    ("starts", "period", "count", "ends", "days"),
    [
        ("2026-11-29 10:00", "month", 1, "2026-12-29 10:00", 30),
        ("2026-01-31 10:00", "month", 1, "2026-02-28 10:00", 28),
        ("2028-01-31 10:00", "month", 1, "2028-02-29 10:00", 29),
        ("2028-02-29 10:00", "year", 1, "2029-02-28 10:00", 365),
        ("2028-02-29 10:00", "year", 3, "2031-02-28 10:00", 1095),
        ("2027-02-28 10:00", "year", 1, "2028-02-28 10:00", 365),
        ("2026-12-31 23:59", "month", 2, "2027-02-28 23:59", 59),
        ("2026-12-31 00:00", "year", 1, "2027-12-31 00:00", 365),
        # Jan 1 in GMT+08:00 is still Dec 31 in UTC: the calendar is that of GMT+08:00.
        ("2027-01-01 00:30", "month", 1, "2027-02-01 00:30", 31),
        ("2026-03-31 07:59", "month", 11, "2027-02-28 07:59", 334),
        ("2026-03-01 00:00", "day", 3, "2026-03-04 00:00", 3),
    ],
)
def test_a_term_ends_on_the_same_day_of_a_later_month(starts, period, count, ends, days) -> None:
    term = terms.term_from(at(starts), period, count)
    assert (term.ends, term.days) == (at(ends), days)


@pytest.mark.requirement("08-BUY-05")
def test_renewals_return_to_the_day_of_purchase() -> None:
    bought = at("2026-01-31 10:00")
    ends = bought
    for expected in ("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"):
        ends = terms.term_from(ends, "month", 1, anchor=bought).ends
        assert ends == at(f"{expected} 10:00")
    elsewhere = at("2026-06-15 10:00")  # moved by a common day of expiry
    assert terms.term_from(elsewhere, "month", 1, anchor=bought).ends == at("2026-07-15 10:00")


@pytest.mark.parametrize(
    ("ends", "day", "expected"),
    [
        ("2026-11-29 10:00", 5, "2026-12-05 10:00"),
        ("2026-11-05 10:00", 5, "2026-11-05 10:00"),
        ("2026-12-29 10:00", 28, "2027-01-28 10:00"),
        ("2028-02-10 10:00", -1, "2028-02-29 10:00"),
        ("2027-02-28 10:00", -1, "2027-02-28 10:00"),
        ("2027-01-31 00:30", 1, "2027-02-01 00:30"),
    ],
)
def test_the_common_day_of_expiry_is_never_earlier(ends, day, expected) -> None:
    assert terms.to_common_day(at(ends), day) == at(expected)


@pytest.mark.parametrize(
    ("expires", "days", "begins"),
    [
        ("2026-12-07 10:00", 7, "2026-11-30 03:00"),
        ("2027-01-01 00:30", 2, "2026-12-30 03:00"),
        ("2028-03-01 02:00", 2, "2028-02-28 03:00"),
    ],
)
def test_auto_renewal_begins_at_three_in_the_morning(expires, days, begins) -> None:
    assert terms.deduction_begins(at(expires), days) == at(begins)


@pytest.mark.parametrize(
    ("moment", "unused"),
    [
        ("2026-11-29 10:00", 30),  # the term begins at this moment
        ("2026-11-29 10:01", 29),
        ("2026-11-30 10:00", 29),
        ("2026-12-29 09:59", 0),
        ("2027-05-01 00:00", 0),
        ("2026-01-01 00:00", 30),  # a renewal that has not begun
    ],
)
def test_the_day_that_has_begun_is_used(moment, unused) -> None:
    term = Term(at("2026-11-29 10:00"), at("2026-12-29 10:00"))
    assert term.unused_days(at(moment)) == unused


def test_a_term_is_cut_at_the_ends_of_months() -> None:
    term = Term(at("2026-12-15 10:00"), at("2027-02-15 10:00"))
    parts = terms.cycles_of(term)
    assert [str(cycle) for cycle, _part in parts] == ["2026-12", "2027-01", "2027-02"]
    assert parts[0][1] == Term(at("2026-12-15 10:00"), at("2027-01-01 00:00"))
    assert sum((part.ends - part.starts for _cycle, part in parts), timedelta()) == (
        term.ends - term.starts
    )
