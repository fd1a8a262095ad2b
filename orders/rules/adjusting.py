"""How a price adjustment is spread over the lines of an order (04-PRC-03, PRC-04, D-26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catalog.rules.pricing import CENT, EXACT

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Line:
    """One line of an order: its list amount and the most that may be taken off; USD, 2 decimals."""

    subtotal: Decimal
    maximum: Decimal


def maximum_of(subtotal: Decimal, percent: int) -> Decimal:
    """The most that a partner may take off a line; half up, 2 decimals."""
    return _part(subtotal, percent)


def estimated_rebate(after: Decimal, percent: int) -> Decimal:
    """What the partner may expect to earn of the adjusted amount (D-26); half up, 2 decimals."""
    return _part(after, percent)


def split(discount: Decimal, lines: Sequence[Line]) -> list[Decimal]:
    """Spread a discount over the lines in proportion to their subtotals.

    Lines without a maximum get nothing. Each share has 2 decimals; what rounding leaves goes to the
    largest line that has room. The shares add up to the discount and none is above its maximum.
    Raises ValueError for a discount that is negative or above the sum of the maxima.
    """
    if discount < 0 or discount > sum((line.maximum for line in lines), ZERO):
        raise ValueError(f"A discount of {discount} cannot be spread over these lines")
    whole = sum((line.subtotal for line in lines if line.maximum), ZERO)
    shares = [_share(discount, line, whole) for line in lines]
    rest = discount - sum(shares, ZERO)
    for index in sorted(range(len(lines)), key=lambda i: (-lines[i].subtotal, i)):
        room = lines[index].maximum - shares[index]
        change = min(rest, room) if rest > 0 else max(rest, -shares[index])
        shares[index] += change
        rest -= change
    return shares


def _part(amount: Decimal, percent: int) -> Decimal:
    return _cents(EXACT.multiply(amount, Decimal(percent) / 100))


def _share(discount: Decimal, line: Line, whole: Decimal) -> Decimal:
    if not line.maximum:
        return ZERO
    exact = EXACT.divide(EXACT.multiply(discount, line.subtotal), whole)
    return min(_cents(exact), line.maximum)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT)
