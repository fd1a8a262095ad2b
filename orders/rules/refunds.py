"""What a term that is not used up is worth, and what another specification adds to it: pure.

A paid line covers a term of whole days. Unused are the days that have not begun: the day in which
somebody unsubscribes is used. Amounts have 2 decimals, half up per line (08 §10.4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.rules.pricing import EXACT, to_cent
from resources.rules.terms import Term


@dataclass(frozen=True)
class Paid:
    """What a line cost for its term, in USD: at list price, and after its discount."""

    listed: Decimal
    amount: Decimal
    term: Term


@dataclass(frozen=True)
class Worth:
    """An amount at list price and after discount, in USD."""

    listed: Decimal
    amount: Decimal

    @property
    def discount(self) -> Decimal:
        """List price minus amount."""
        return EXACT.subtract(self.listed, self.amount)

    @property
    def given_back(self) -> Decimal:
        """The amount, when it is a refund."""
        return -self.amount

    def __neg__(self) -> Worth:
        return Worth(-self.listed, -self.amount)


def unused(paid: Paid, moment: datetime) -> Worth:
    """The refund of one line: amount × unused days ÷ days of its term."""
    left, days = Decimal(paid.term.unused_days(moment)), Decimal(paid.term.days)
    return Worth(_part(paid.listed, left, days), _part(paid.amount, left, days))


def change_of_price(
    before: Decimal, after: Decimal, *, periods: int, term: Term, moment: datetime
) -> Decimal:
    """What another specification or size adds to a paid term, at list price; negative: falls.

    ``before`` and ``after`` are today's list prices of one period: (after − before) × periods × unused
    days ÷ days of the term.
    """
    difference = EXACT.multiply(EXACT.subtract(after, before), Decimal(periods))
    return _part(difference, Decimal(term.unused_days(moment)), Decimal(term.days))


def at_paid_rate(listed: Decimal, terms: list[Paid]) -> Worth:
    """A falling price gives back no more than was paid: at the rate of amount to list price."""
    of_list = sum((paid.listed for paid in terms), Decimal(0))
    of_amount = sum((paid.amount for paid in terms), Decimal(0))
    if not of_list:
        return Worth(listed, listed)
    return Worth(listed, _part(listed, of_amount, of_list))


def extra_days(price: Decimal, days: int, days_of_period: int) -> Decimal:
    """Days that a renewal adds up to the common day of expiry, at the price of one period.

    ``days_of_period`` is 30 of a month and 365 of a year.
    """
    return _part(price, Decimal(days), Decimal(days_of_period))


def _part(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return to_cent(EXACT.divide(EXACT.multiply(amount, part), whole))
