"""Exact arithmetic of list prices: properties that hold for all values, and the seed's examples."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.rules.pricing import (
    CENT,
    EXACT,
    Tier,
    discounted,
    graduated,
    term_amount,
    to_cent,
    to_pricing_unit,
    usage_amount,
)

#: Enough to meet the corners; the machine may be busy.
for_all = settings(max_examples=60, deadline=None)
usages = st.decimals(-(10**15), 10**15, places=6, allow_nan=False)
factors = st.sampled_from([Decimal(n) for n in (1, 60, 1000, 1024, 3600, 10000, 1024**3)])
quantities = st.decimals(0, 10**18, places=10, allow_nan=False)
prices = st.decimals(0, 10**6, places=10, allow_nan=False)


@st.composite
def tiers(draw: st.DrawFn) -> list[Tier]:
    """Tiers that begin at 0 and rise."""
    begins = draw(st.lists(quantities.filter(bool), max_size=4, unique=True))
    return [Tier(above, draw(prices)) for above in (Decimal(0), *sorted(begins))]


def _exactly(amount: Decimal) -> Fraction:
    return Fraction(amount)


@pytest.mark.requirement("05-BIL-08")
@for_all
@given(usages, factors)
def test_a_pricing_quantity_is_truncated_and_never_above_the_true_one(
    usage: Decimal, factor: Decimal
) -> None:
    quantity = to_pricing_unit(usage, factor)
    true = Fraction(usage) / Fraction(factor)
    assert abs(_exactly(quantity)) <= abs(true) < abs(_exactly(quantity)) + Fraction(1, 10**10)
    assert quantity == 0 or (quantity > 0) == (usage > 0)
    assert to_pricing_unit(-usage, factor) == -quantity


@pytest.mark.requirement("05-BIL-08")
@for_all
@given(st.decimals(0, 10**9, places=10, allow_nan=False), factors)
def test_conversion_gives_back_what_divides_evenly(quantity: Decimal, factor: Decimal) -> None:
    usage = Decimal(int(quantity)) * factor
    assert to_pricing_unit(usage, factor) == int(quantity)


@pytest.mark.requirement("05-BIL-08")
@for_all
@given(tiers(), quantities, st.lists(quantities, min_size=1, max_size=6))
def test_what_a_month_costs_does_not_depend_on_how_its_usage_is_split(
    steps: list[Tier], before: Decimal, parts: list[Decimal]
) -> None:
    at, sum_of_parts = before, Fraction(0)
    for part in parts:
        sum_of_parts += Fraction(usage_amount(steps, before=at, quantity=part, size=3))
        at = EXACT.add(at, part)
    whole = usage_amount(steps, before=before, quantity=EXACT.subtract(at, before), size=3)
    assert Fraction(whole) == sum_of_parts
    # and taking it back costs the same with the other sign
    back = usage_amount(steps, before=at, quantity=EXACT.subtract(before, at), size=3)
    assert Fraction(back) == -Fraction(whole)


@for_all
@given(tiers(), quantities)
def test_graduated_prices_are_the_sum_over_the_tiers(steps: list[Tier], total: Decimal) -> None:
    expected = Fraction(0)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        upper = Fraction(total if following is None else min(total, following.above))
        expected += max(Fraction(0), upper - Fraction(step.above)) * Fraction(step.unit_price)
    assert Fraction(graduated(steps, total)) == expected
    assert Fraction(graduated(steps, EXACT.minus(total))) == -expected


@pytest.mark.requirement("08-CSN-03")
@for_all
@given(prices, st.integers(1, 36), st.integers(1, 1000), st.integers(1, 32768), st.integers(0, 25))
def test_a_term_is_rounded_once_half_up_per_line(
    price: Decimal, periods: int, quantity: int, size: int, percent: int
) -> None:
    amount = term_amount(price, periods=periods, quantity=quantity, size=size)
    true = Fraction(price) * periods * size * quantity
    assert abs(Fraction(amount) - true) <= Fraction(1, 200)
    less = to_cent(discounted(amount, percent))
    assert abs(Fraction(less) - Fraction(amount) * (100 - percent) / 100) <= Fraction(1, 200)
    assert less <= amount and less == less.quantize(CENT)


@pytest.mark.requirement("05-BIL-08")
@pytest.mark.parametrize(
    ("usage", "factor", "quantity"),
    [
        ("1", 1024**3, "0.0000000009"),  # 1 byte in GB (column 50)
        ("3600", 3600, "1.0000000000"),  # seconds to hours (column 54)
        ("46800", 3600, "13.0000000000"),  # the example of column 31
        ("1200", 3600, "0.3333333333"),  # column 33: truncated
        ("300", 3600, "0.0833333333"),  # column 35: truncated
        ("3599", 3600, "0.9997222222"),
        ("-1", 1024**3, "-0.0000000009"),
        ("0", 3600, "0.0000000000"),
        ("268", 1, "268.0000000000"),
    ],
)
def test_the_seeds_examples_of_conversion(usage: str, factor: int, quantity: str) -> None:
    assert to_pricing_unit(Decimal(usage), Decimal(factor)) == Decimal(quantity)


@pytest.mark.parametrize(
    ("price", "terms", "amount"),
    [
        ("0.045", {"periods": 1, "quantity": 1, "size": 10}, "0.45"),
        ("0.0005", {"periods": 1, "quantity": 1, "size": 10}, "0.01"),  # 0.005: half up
        ("0.00049", {"periods": 1, "quantity": 1, "size": 10}, "0.00"),
        ("50", {"periods": 12, "quantity": 3, "size": None}, "1800.00"),
        ("0", {"periods": 1, "quantity": 2, "size": None, "upfront": Decimal(400)}, "800.00"),
    ],
)
def test_examples_of_terms(price: str, terms: dict, amount: str) -> None:
    assert term_amount(Decimal(price), **terms) == Decimal(amount)
