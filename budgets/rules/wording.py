"""Sentences that records keep, in the language of the records."""

from __future__ import annotations

from decimal import Decimal

from partner_center import money

from ..choices import BudgetType

_NAMES = {BudgetType.MONTHLY: "Monthly budget", BudgetType.ONE_TIME: "One-time budget"}


def exhausted(type: str, amount: Decimal, used: Decimal) -> str:  # noqa: A002  the word of the page
    """Why a budget hold was placed: type, amount and use, in USD (04-BFM-14)."""
    name = _NAMES[BudgetType(type)]
    return f"{name} exhausted: {money.words(money.cut(used, 8))} of {money.words(amount)} used"
