"""Limits of single transactions, and what the next automatic charge is: pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from catalog.rules.pricing import EXACT

from .bills import in_currency

CENT = Decimal("0.01")


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
