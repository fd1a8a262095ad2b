"""Budget usage: percent, thresholds and what is left. Exact decimals, USD at list price."""

from __future__ import annotations

from decimal import Decimal

from catalog.rules.pricing import EXACT

#: Percent of a budget at which its recipients are told (04-BFM-05, RCP-03); ascending.
THRESHOLDS = (75, 90, 100)
EXHAUSTED = 100
#: The largest budget, in USD (04 D-11).
LARGEST = Decimal("2147483647.00")


def level(used: Decimal, amount: Decimal | None) -> int:
    """The highest threshold that usage has reached; 0 for none, and without a budget (04 D-04)."""
    if not amount:
        return 0
    share = EXACT.multiply(used, Decimal(100))
    reached = (each for each in THRESHOLDS if share >= EXACT.multiply(amount, Decimal(each)))
    return max(reached, default=0)


def percent(used: Decimal, amount: Decimal | None) -> int | None:
    """Whole percent, rounded down, above 100 too; None without a budget, shown as -- (04-BFM-03)."""
    if not amount:
        return None
    share = EXACT.multiply(max(used, Decimal(0)), Decimal(100))
    return int(EXACT.divide_int(share, amount))


def rearmed(told: int, used: Decimal, amount: Decimal) -> int:
    """The level that stands after an amount changed: thresholds that usage is now below are armed
    again, those still passed are not sent twice (04-BFM-05)."""
    return min(told, level(used, amount))
