"""How a discount is spread over the lines of an order (D-26): pure, by property."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.rules.adjusting import Line, estimated_rebate, maximum_of, split

pytestmark = pytest.mark.requirement("04-PRC-03")

#: Making inputs takes long on a machine with other work.
SLOW_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CENTS = st.integers(min_value=1, max_value=10**9).map(lambda cents: Decimal(cents) / 100)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Line], Decimal]:
    """Lines, some of which take no discount, and a discount that they can hold."""
    percent = draw(st.integers(min_value=1, max_value=25))
    subtotals = draw(st.lists(CENTS, min_size=1, max_size=12))
    takes = draw(st.lists(st.booleans(), min_size=len(subtotals), max_size=len(subtotals)))
    lines = [
        Line(subtotal, maximum_of(subtotal, percent) if take else Decimal(0))
        for subtotal, take in zip(subtotals, takes, strict=True)
    ]
    most = sum(int(line.maximum * 100) for line in lines)
    return lines, Decimal(draw(st.integers(min_value=0, max_value=most))) / 100


@pytest.mark.requirement("04-PRC-04")
@SLOW_MACHINE
@given(orders())
def test_the_shares_add_up_and_none_is_above_its_maximum(case: tuple[list[Line], Decimal]) -> None:
    lines, discount = case
    shares = split(discount, lines)
    assert sum(shares) == discount
    for line, share in zip(lines, shares, strict=True):
        assert 0 <= share <= line.maximum
        assert share == share.quantize(Decimal("0.01"))


@SLOW_MACHINE
@given(orders())
def test_the_shares_are_proportional_up_to_rounding(case: tuple[list[Line], Decimal]) -> None:
    """But for the lines that take what rounding leaves, a share is a cent off at most."""
    lines, discount = case
    takers = [line for line in lines if line.maximum]
    whole = sum(line.subtotal for line in takers)
    off = [
        abs(share - discount * line.subtotal / whole)
        for line, share in zip(lines, split(discount, lines), strict=True)
        if line.maximum
    ]
    # Half a cent for each of the others may land on the largest lines.
    assert all(each <= Decimal("0.01") * (len(takers) + 1) for each in off)


@pytest.mark.parametrize(
    ("discount", "subtotals", "shares"),
    [
        ("15.40", ["154.00"], ["15.40"]),
        ("10.00", ["100.00", "300.00"], ["2.50", "7.50"]),
        # A third each; the cent that is left goes to the largest line, the first of equals.
        ("1.00", ["33.33", "33.34", "33.33"], ["0.33", "0.34", "0.33"]),
        ("0.02", ["10.00", "10.00", "10.00"], ["0.00", "0.01", "0.01"]),
        ("0.00", ["10.00", "20.00"], ["0.00", "0.00"]),
    ],
)
def test_worked_examples(discount: str, subtotals: list[str], shares: list[str]) -> None:
    lines = [Line(Decimal(s), maximum_of(Decimal(s), 10)) for s in subtotals]
    assert split(Decimal(discount), lines) == [Decimal(share) for share in shares]


@pytest.mark.requirement("04-PRC-04")
def test_the_seeds_example_of_maximum_and_rebate() -> None:
    assert maximum_of(Decimal("154.00"), 10) == Decimal("15.40")
    assert estimated_rebate(Decimal("154.00"), 25) == Decimal("38.50")
    assert estimated_rebate(Decimal("138.60"), 25) == Decimal("34.65")
    assert estimated_rebate(Decimal("154.05"), 10) == Decimal("15.41"), "half up"
    assert estimated_rebate(Decimal("154.00"), 0) == 0


@pytest.mark.parametrize("discount", ["-0.01", "15.41"])
def test_what_does_not_fit_is_no_discount(discount: str) -> None:
    with pytest.raises(ValueError, match="cannot be spread"):
        split(Decimal(discount), [Line(Decimal("154.00"), Decimal("15.40"))])
