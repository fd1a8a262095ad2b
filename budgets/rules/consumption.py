"""How much of its consumption quota a partner has used (01-QTA-02 to QTA-04). Exact decimals, USD."""

from __future__ import annotations

from decimal import Decimal

from catalog.rules.pricing import EXACT

#: Usage above this percent is told.
WARNING = 80
#: At this percent the quota is used up: the partner is told and its customers may not buy.
USED_UP = 100


def level(used: Decimal, amount: Decimal | None) -> int:
    """The level that usage has reached: more than 80 percent, or all; 0 below and without a quota."""
    if amount is None:
        return 0
    if used >= amount:
        return USED_UP
    share = EXACT.multiply(used, Decimal(100))
    return WARNING if share > EXACT.multiply(amount, Decimal(WARNING)) else 0
