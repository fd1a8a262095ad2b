"""Money: exact decimals in, exact words out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partner_center import money
from partner_center.templatetags import portal as tags

EXACT = [
    ("1799.9998125", "1,799.9998125"),
    ("2118.4", "2,118.40"),
    ("2118.4000000000", "2,118.40"),
    ("0", "0.00"),
    ("-0.5", "\N{MINUS SIGN}0.50"),
    ("-853.8495", "\N{MINUS SIGN}853.8495"),
    ("0.0000000001", "0.0000000001"),
    ("2147483647", "2,147,483,647.00"),
    ("1E+3", "1,000.00"),
    ("12345678901234567890.1234567891", "12,345,678,901,234,567,890.1234567891"),
]


@pytest.mark.parametrize(("amount", "words"), EXACT)
def test_an_amount_is_printed_exactly_with_two_decimals_at_least(amount: str, words: str) -> None:
    assert money.number(Decimal(amount)) == words


def test_outside_tables_the_sign_stands_first_and_the_code_last() -> None:
    assert money.words(Decimal("51656.3")) == "$51,656.30 USD"
    assert money.words(Decimal("-853.85")) == "\N{MINUS SIGN}$853.85 USD"
    assert money.words(Decimal("3002470.78"), "PHP") == "3,002,470.78 PHP"


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        money.number(0.1)  # type: ignore[arg-type]


def test_only_the_amount_due_is_rounded_half_up() -> None:
    assert money.round_due(Decimal("51656.2985372")) == Decimal("51656.30")
    assert money.round_due(Decimal("0.005")) == Decimal("0.01")
    assert money.round_due(Decimal("-0.005")) == Decimal("-0.01")


@pytest.mark.parametrize(
    ("used", "limit", "percent"),
    [
        ("1799.9998125", "2400", 74),
        ("2399.9999", "2400", 99),
        ("2400", "2400", 100),
        ("1", "0", 100),
    ],
)
def test_a_percentage_is_rounded_down_so_that_100_means_used_up(
    used: str, limit: str, percent: int
) -> None:
    assert money.percent(Decimal(used), Decimal(limit)) == percent


def test_a_cell_dims_decimals_from_the_third_and_pads_the_missing_places() -> None:
    html = tags.amount(Decimal("-4561.207344"))
    assert '<span class="pc-money-tail">7344</span>' in html
    assert 'data-pad="00"' in html
    assert "pc-money-negative" in html
    assert "\N{MINUS SIGN}4,561.20" in html


def test_cells_of_a_column_are_equally_long_with_their_ghosts() -> None:
    lengths = set()
    for value in ("1.5", "2.12345678", "3.123"):
        parts = money.split(Decimal(value))
        lengths.add(len(parts.tail) + len(parts.pad(8)))
    assert lengths == {6}


@pytest.mark.requirement("05-BQY-18", "05-TXL-02")
def test_a_currency_without_minor_unit_has_no_decimals() -> None:
    assert money.words("11000000", "CLP") == "11,000,000 CLP"
    assert money.words("0.5", "CLP") == "0.50 CLP", "nothing is dropped"
    assert money.words(Decimal("7"), "PHP") == "7.00 PHP"
    assert "950</span>" not in tags.money(Decimal(950), "USD")
    assert ".00" not in tags.money(Decimal(950), "CLP")


def test_an_absent_amount_prints_two_hyphens() -> None:
    assert "--" in tags.amount(None)
    assert "--" in tags.money(None)


def test_an_explainable_amount_is_a_link_that_opens_the_drawer() -> None:
    html = tags.money(Decimal("1.005"), "USD", "/bills/1/explain")
    assert 'href="/bills/1/explain"' in html
    assert 'hx-target="#pc-drawer"' in html


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0E-20", "0"),
        ("1E+3", "1000"),
        ("100", "100"),
        ("-0.09520000", "-0.0952"),
        ("1234567890123456789012345678.00000000000000000001", None),
    ],
)
def test_plain_drops_zeros_and_nothing_else(value: str, shown: str | None) -> None:
    assert money.plain(Decimal(value)) == (shown or value)
