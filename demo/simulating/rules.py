"""What a meter reads in an hour: pure functions of the meter, the hour and a seed.

The same meter, hour and seed give the same record, whatever else is asked for, so that a record that
is sent twice is a duplicate. Whole numbers only: nothing depends on a machine's arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from partner_center.clock import BUSINESS_ZONE, business_date

HOUR = timedelta(hours=1)
#: Load of the hours of a day in GMT+08:00, in percent of the mean: people sleep, work and go home.
RHYTHM = (
    *(38, 30, 26, 24, 26, 34, 52, 78, 112, 140, 152, 150),
    *(132, 138, 150, 156, 152, 142, 130, 128, 134, 124, 92, 60),
)
#: Saturday and Sunday, in percent of a working day.
WEEKEND = 62
#: Growth counts from here on.
EPOCH = datetime(2026, 1, 1, tzinfo=BUSINESS_ZONE)
#: So far a measured value lies from what is expected, in percent, both ways.
NOISE = 15


class Shape(StrEnum):
    """How the usage of a meter runs over time."""

    #: Runs all the time: seconds.
    STEADY = "steady"
    #: Scales with the load: whole copies that run all hour, in seconds.
    SCALING = "scaling"
    #: Follows the load: bytes and the like.
    LOAD = "load"
    #: Only at night, when reports are made.
    NIGHTLY = "nightly"


@dataclass(frozen=True)
class Meter:
    """One resource that is metered in one product.

    ``level`` is the mean usage of an hour in the product's usage unit. ``growth`` is in percent a
    month. A ``runaway`` doubles every few days in the second half of a month, until somebody notices.
    """

    customer_id: str
    product: str
    region: str
    resource_id: str
    resource_name: str
    level: int
    shape: Shape = Shape.STEADY
    size: int | None = None
    growth: int = 0
    runaway: bool = False
    #: Hours that one record covers: 1, or 24 for a whole day of GMT+08:00.
    hours: int = 1
    #: Nothing is read before; None: it has always been there.
    since: datetime | None = None


@dataclass(frozen=True)
class Reading:
    """One record of the native format (docs/formats/usage.md), without the kind and the unit."""

    record_id: str
    meter: Meter
    usage: int
    started_at: datetime
    ended_at: datetime


def readings(meter: Meter, begins: datetime, ends: datetime, seed: int) -> Iterator[Reading]:
    """The records of the meter's periods that lie wholly between the two moments, oldest first."""
    step = HOUR * meter.hours
    started_at = _first_start(max(begins, meter.since or begins), meter.hours)
    while started_at + step <= ends:
        hours = (started_at + HOUR * number for number in range(meter.hours))
        usage = sum(usage_of_hour(meter, hour, seed) for hour in hours)
        if usage:
            key = f"sim-{seed}-{meter.resource_id}-{meter.product}-{started_at:%Y%m%d%H}"
            yield Reading(key, meter, usage, started_at, started_at + step)
        started_at += step


def usage_of_hour(meter: Meter, hour: datetime, seed: int) -> int:
    """Usage in the hour that begins then, in the product's usage unit."""
    local = hour.astimezone(BUSINESS_ZONE)
    if meter.shape == Shape.NIGHTLY and not 1 <= local.hour < 5:
        return 0
    if meter.shape in (Shape.STEADY, Shape.NIGHTLY):
        return meter.level * _surge(meter, hour)
    load = RHYTHM[local.hour] * (WEEKEND if local.weekday() >= 5 else 100)
    load = load * _grown(meter, hour) // 100 * _noise(meter, hour, seed) // 100
    if meter.shape == Shape.SCALING:
        return meter.level * max(1, load * _surge(meter, hour) // 10_000)
    return meter.level * load * _surge(meter, hour) // 10_000


def _first_start(begins: datetime, hours: int) -> datetime:
    """The first full hour (or midnight in GMT+08:00) that is not before ``begins``, in UTC."""
    start = begins.astimezone(BUSINESS_ZONE).replace(minute=0, second=0, microsecond=0)
    if hours > 1:
        start = start.replace(hour=0)
    while start < begins:
        start += HOUR * hours
    return start.astimezone(UTC)


def _grown(meter: Meter, hour: datetime) -> int:
    """Percent of the level at the epoch, in even steps of a day."""
    days = max(0, (hour - EPOCH).days)
    return 100 + meter.growth * days // 30


def _surge(meter: Meter, hour: datetime) -> int:
    """How many times the usual a runaway takes; 1 for all others."""
    if not meter.runaway:
        return 1
    day = business_date(hour).day
    return 1 << min(4, (day - 13) // 3) if day >= 16 else 1


def _noise(meter: Meter, hour: datetime, seed: int) -> int:
    """Percent around 100, the same for the same meter, hour and seed."""
    text = f"{seed}:{meter.resource_id}:{meter.product}:{hour.astimezone(UTC):%Y%m%d%H}"
    number = int.from_bytes(blake2b(text.encode(), digest_size=4).digest())
    return 100 - NOISE + number % (2 * NOISE + 1)
