"""Days and months that costs are counted in, and how a term is spread over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from catalog.rules.pricing import EXACT
from partner_center.clock import BUSINESS_ZONE, BillingCycle

#: Buckets that one query may span at most.
MOST_BUCKETS = 400
_STEP = Decimal("1E-20")
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Bucket:
    """One day or month in GMT+08:00; both days belong to it."""

    name: str
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """Its first moment, in UTC."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.last + timedelta(days=1))


def days(first: date, last: date) -> list[Bucket]:
    """The days from one to another."""
    count = (last - first).days + 1
    found = (first + timedelta(days=number) for number in range(count))
    return [Bucket(str(day), day, day) for day in found]


def months(first: BillingCycle, last: BillingCycle) -> list[Bucket]:
    """The months from one to another."""
    found, cycle = [], first
    while cycle <= last:
        begin = date(cycle.year, cycle.month, 1)
        found.append(Bucket(str(cycle), begin, begin.replace(day=cycle.days)))
        cycle = cycle.next()
    return found


def share(amount: Decimal, term: tuple[datetime, datetime], bucket: Bucket) -> Decimal:
    """The part of ``amount``, paid for ``term``, that falls on the bucket.

    Differences of running parts: the parts of all buckets add up to the amount.
    """
    return EXACT.subtract(_until(amount, term, bucket.ends), _until(amount, term, bucket.begins))


def _until(amount: Decimal, term: tuple[datetime, datetime], moment: datetime) -> Decimal:
    begins, ends = term
    if moment <= begins:
        return Decimal(0)
    if moment >= ends:
        return amount
    passed, whole = (moment - begins) // _MICROSECOND, (ends - begins) // _MICROSECOND
    part = EXACT.divide(EXACT.multiply(amount, Decimal(passed)), Decimal(whole))
    return part.quantize(_STEP, context=EXACT)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC)
