"""Numbers and money of bills: pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from catalog.rules.pricing import EXACT
from partner_center.clock import BillingCycle
from partner_center.money import CENT, WITHOUT_MINOR

#: Months that one file of bills may hold (05-BQY-16).
MOST_MONTHS = 12


def bill_number(cycle: BillingCycle, key: int) -> str:
    """``PB202211000017``."""
    return f"PB{cycle.year:04d}{cycle.month:02d}{key:06d}"


def minor_step(currency: str) -> Decimal:
    """The smallest amount of a currency."""
    return Decimal(1) if currency in WITHOUT_MINOR else CENT


def in_currency(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """USD (2 decimals) × rate, rounded half up to the minor unit: 31.44 × 7.7565 = 243.86 HKD."""
    product = EXACT.multiply(amount, rate)
    return product.quantize(minor_step(currency), rounding=ROUND_HALF_UP, context=EXACT)
