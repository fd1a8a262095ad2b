"""What something costs at list price: pure functions over exact decimals, in USD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

#: Wide enough for every product of a quantity, a size and a price: nothing is rounded unseen.
EXACT = Context(prec=80)
#: Quantities in the pricing unit are truncated to this, never rounded (05-BFD columns 50, 52, 53).
PRICING_STEP = Decimal("1E-10")
CENT = Decimal("0.01")
#: Amounts have no more decimals than this: their column holds no more.
AMOUNT_STEP = Decimal("1E-20")
#: One every 5 minutes (05-BFD column 46).
POINTS_A_DAY = 288


@dataclass(frozen=True)
class Tier:
    """From ``above`` (pricing units of the calendar month) on, each unit costs ``unit_price`` USD."""

    above: Decimal
    unit_price: Decimal


def to_pricing_unit(usage: Decimal, factor: Decimal) -> Decimal:
    """``usage / factor`` truncated toward zero to 10 decimals: 1 byte is 0.0000000009 GB."""
    quotient = EXACT.divide(usage, factor)
    return quotient.quantize(PRICING_STEP, rounding=ROUND_DOWN, context=EXACT)


def graduated(tiers: Sequence[Tier], total: Decimal) -> Decimal:
    """What ``total`` pricing units of a month cost in all, each part at the price of its own tier.

    ``tiers`` are ordered by ``above`` and begin at 0. A negative total costs as much as the positive
    one would, negated.
    """
    if total < 0:
        return EXACT.minus(graduated(tiers, EXACT.minus(total)))
    ends = [tier.above for tier in tiers[1:]] + [None]
    amount = Decimal(0)
    for tier, end in zip(tiers, ends, strict=True):
        within = EXACT.subtract(total if end is None else min(total, end), tier.above)
        if within > 0:
            amount = EXACT.add(amount, EXACT.multiply(within, tier.unit_price))
    return amount


def usage_amount(
    tiers: Sequence[Tier], *, before: Decimal, quantity: Decimal, size: int | None
) -> Decimal:
    """The exact list price of ``quantity`` more pricing units when ``before`` are used already.

    The sum over any split of a month's usage is the same: it is the difference of two totals.
    ``size`` multiplies the price of linear products.
    """
    after = EXACT.add(before, quantity)
    amount = EXACT.subtract(graduated(tiers, after), graduated(tiers, before))
    return EXACT.multiply(amount, Decimal(1 if size is None else size))


def for_valid_days(amount: Decimal, *, points: int, days: int) -> Decimal:
    """``amount`` of 95th-percentile bandwidth × Usage Days ÷ Total, truncated to 20 decimals.

    ``points`` are the measurement points of the month, 288 to a valid day; ``days`` its length
    (05-BFD columns 40, 46). A thirty-first of something never ends, so what is left over is cut off.
    """
    product = EXACT.multiply(amount, Decimal(points))
    quotient = EXACT.divide(product, Decimal(POINTS_A_DAY * days))
    return quotient.quantize(AMOUNT_STEP, rounding=ROUND_DOWN, context=EXACT)


def plan_price(unit_price: Decimal, discount: int) -> Decimal:
    """What a savings plan counts for a pricing unit: ``discount`` percent less, cut at 10 decimals."""
    return discounted(unit_price, discount).quantize(
        PRICING_STEP, rounding=ROUND_DOWN, context=EXACT
    )


def cover_by_plan(quantity: Decimal, price: Decimal, left: Decimal) -> tuple[Decimal, Decimal]:
    """How many pricing units a plan covers of ``quantity``, and how many USD of the hour they use up.

    ``price`` is its own price of a pricing unit (× size), ``left`` the rest of the hour's commitment.
    What does not fit wholly uses up the hour: a rest that buys no whole step of 10 decimals lapses.
    """
    cost = EXACT.multiply(quantity, price)
    if cost <= left:
        return quantity, cost
    return to_pricing_unit(left, price), left


def term_amount(
    unit_price: Decimal,
    *,
    periods: int,
    quantity: int,
    size: int | None,
    upfront: Decimal = Decimal(0),
) -> Decimal:
    """List amount of an order line; 2 decimals, half up (08 §10.4.2).

    Price per period (and unit of size) × periods, plus what is due upfront, all × quantity.
    """
    each = EXACT.multiply(unit_price, Decimal(periods * (1 if size is None else size)))
    return to_cent(EXACT.multiply(EXACT.add(each, upfront), Decimal(quantity)))


def discounted(amount: Decimal, percent: int) -> Decimal:
    """``amount`` less ``percent`` of it, exact (08-CSN-03)."""
    return EXACT.multiply(amount, EXACT.divide(Decimal(100 - percent), Decimal(100)))


def to_cent(amount: Decimal) -> Decimal:
    """2 decimals, half up, as an order line is rounded (08 §10.4.2)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT)
