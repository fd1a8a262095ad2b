"""Business time: GMT+08:00, billing cycles and their bounds.

The only module that asks the wall clock. Jobs and rules take their moment or cycle as an
argument; pages and services call :func:`now` once and pass it on.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from django.utils import timezone as django_timezone

#: Business time has no daylight saving: a fixed offset, printed as ``GMT+08:00``.
BUSINESS_ZONE = timezone(timedelta(hours=8), "GMT+08:00")


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return django_timezone.now()


def business_date(moment: datetime) -> date:
    """The calendar day of ``moment`` in GMT+08:00."""
    return moment.astimezone(BUSINESS_ZONE).date()


@dataclass(frozen=True, order=True)
class BillingCycle:
    """One calendar month in GMT+08:00, written ``YYYY-MM``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"No such month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> BillingCycle:
        """Read ``YYYY-MM``. Raises ValueError for anything else."""
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            raise ValueError(f"A billing cycle is written YYYY-MM, not {text!r}")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, moment: datetime) -> BillingCycle:
        """The cycle in which ``moment`` (aware) falls, in GMT+08:00."""
        local = moment.astimezone(BUSINESS_ZONE)
        return cls(local.year, local.month)

    @property
    def start(self) -> datetime:
        """First moment of the cycle, in UTC; part of the cycle."""
        return datetime(self.year, self.month, 1, tzinfo=BUSINESS_ZONE).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """First moment after the cycle, in UTC; not part of it."""
        return self.next().start

    @property
    def days(self) -> int:
        """Number of days in the cycle."""
        return calendar.monthrange(self.year, self.month)[1]

    def next(self) -> BillingCycle:
        """The cycle after this one."""
        return self.plus(1)

    def previous(self) -> BillingCycle:
        """The cycle before this one."""
        return self.plus(-1)

    def plus(self, months: int) -> BillingCycle:
        """The cycle ``months`` later (or earlier, when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return BillingCycle(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
