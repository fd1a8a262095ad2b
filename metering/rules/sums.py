"""Sums of exact amounts: no digit is lost, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from catalog.rules.pricing import EXACT


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum of exact decimals."""
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total
