"""Limits of single transactions, and what the next automatic charge is: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from catalog.rules.pricing import EXACT

from .bills import in_currency

CENT = Decimal("0.01")
#: A card that did not take an automatic charge is asked again so long after it failed once, twice and
#: three times for the same thing; after that no more (05-PMT-08 names no moment).
RETRY_AFTER = (timedelta(days=1), timedelta(days=3), timedelta(days=7))


def asks_again_at(failures: int, last: datetime) -> datetime | None:
    """When a card that failed so often for one thing, ``last`` for the last time, is asked again."""
    return last + RETRY_AFTER[failures - 1] if failures <= len(RETRY_AFTER) else None


def limits_of(currency: str, limits: Mapping[str, tuple[str, str]]) -> tuple[str, Decimal, Decimal]:
    """The currency in which an amount is compared, and its limits, both included (05-TXL-01)."""
    known = currency if currency in limits else "USD"
    low, high = limits[known]
    return known, Decimal(low), Decimal(high)


def is_within(
    amount: Decimal, rate: Decimal, currency: str, limits: Mapping[str, tuple[str, str]]
) -> bool:
    """Whether a single transaction may be this large; ``amount`` in USD, ``rate`` of one USD."""
    compared, low, high = limits_of(currency, limits)
    value = amount if compared == "USD" else in_currency(amount, rate, currency)
    return low <= value <= high


def most_at_once(rate: Decimal, currency: str, limits: Mapping[str, tuple[str, str]]) -> Decimal:
    """The largest single transaction in USD, in whole cents: a larger charge is split (05-TXL-03)."""
    compared, _low, high = limits_of(currency, limits)
    if compared == "USD":
        return high
    return EXACT.divide(high, rate).quantize(CENT, rounding=ROUND_DOWN)


def least_at_once(rate: Decimal, currency: str, limits: Mapping[str, tuple[str, str]]) -> Decimal:
    """The smallest single transaction in USD, in whole cents."""
    compared, low, _high = limits_of(currency, limits)
    if compared == "USD":
        return low
    return EXACT.divide(low, rate).quantize(CENT, rounding=ROUND_UP)
