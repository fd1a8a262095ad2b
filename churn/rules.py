"""When falling usage is an alert: days, bounds, and the figures that explain it. Pure.

A product alerts when its usage lay more than DROP percent below its usual day on at least DROPPED of
the last RECENT complete days. Its usual day is the average of the USUAL days before, those without
usage included. Days are days in GMT+08:00, amounts USD at list price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from partner_center import money
from partner_center.clock import BUSINESS_ZONE

#: Complete days that are judged, and the days before that say what is usual: four whole weeks, so
#: that every day of the week counts the same.
RECENT = 7
USUAL = 28
#: Days of the judged ones that must be low.
DROPPED = 4
#: Percent below the usual day from which a day is low.
DROP = 10
#: A product that is used for less than this a day says nothing about its customer.
LEAST = Decimal("1.00")
#: Products that an alert names.
NAMED = 3
#: An alert that was handled is followed by another only when this many days lie between: all days
#: that are judged come after it. Of a lost customer also those that say what is usual.
QUIET = RECENT
QUIET_WHEN_LOST = RECENT + USUAL
#: Hour of the day (GMT+08:00) from which on the usage of the day before is taken for complete.
READY = 8
LONGEST_TEXT = 256


@dataclass(frozen=True)
class Window:
    """The days that an evaluation looks at; bounds included."""

    first: date
    recent: date
    last: date

    @classmethod
    def before(cls, day: date) -> Window:
        """Those that lie before the day of the evaluation."""
        recent = day - timedelta(days=RECENT)
        return cls(recent - timedelta(days=USUAL), recent, day - timedelta(days=1))


@dataclass(frozen=True)
class Drop:
    """A product whose usage has fallen; averages a day."""

    product: str
    days: int
    usual: Decimal
    recent: Decimal

    @property
    def percent(self) -> int:
        """By how much the average of the judged days lies below the usual day; whole, down."""
        return int((self.usual - self.recent) * 100 / self.usual)

    def stored(self) -> dict[str, Any]:
        """Plain JSON values; amounts as text."""
        return {
            "product": self.product,
            "days": self.days,
            "usual": f"{money.round_due(self.usual):.2f}",
            "recent": f"{money.round_due(self.recent):.2f}",
            "percent": self.percent,
        }


def due_day(moment: datetime) -> date | None:
    """The day that is evaluated at this moment; None before READY."""
    local = moment.astimezone(BUSINESS_ZONE)
    return local.date() if local.hour >= READY else None


def midnight(day: date, days_before: int = 0) -> datetime:
    """The first moment of the day so many days before, GMT+08:00."""
    earlier = day - timedelta(days=days_before)
    return datetime(earlier.year, earlier.month, earlier.day, tzinfo=BUSINESS_ZONE)
