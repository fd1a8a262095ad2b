"""Numbers and words of invoices: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from partner_center.clock import BillingCycle

#: Amounts with more decimals are printed smaller, so that three columns fit on the paper.
DENSE_PLACES = 10
_COLUMNS = ("expenditures", "others", "total")
_AMOUNTS = (
    *("settlement", "coupons", "before_tax", "exact_total", "total", "withheld", "credit_used"),
    *("amount_due", "rate", "currency_amount"),
)


def series_of(cycle: BillingCycle) -> str:
    """One series for each year: ``CSER22``."""
    return f"CSER{cycle.year % 100:02d}"


def invoice_number(series: str, count: int) -> str:
    """``CSER22000878``."""
    return f"{series}{count:06d}"


def period(cycle: str) -> str:
    """A billing cycle (YYYY-MM) as invoices print it: ``202208``."""
    return cycle.replace("-", "")


def ticket_number(key: int) -> str:
    """``IT-000000042``."""
    return f"IT-{key:09d}"


def file_of(number: str, secret: str) -> str:
    """Where the PDF lies in the private storage; kept, so that a repeated try overwrites it."""
    return f"invoices/{number[:6]}/{number}-{secret}.pdf"


def paper_of(number: str, printed: Mapping[str, Any]) -> dict[str, Any]:
    """What the paper shows, from what was taken down: texts of amounts and days become values again.

    ``places`` and ``column_places`` are the most decimals of the totals and of each column, so that
    points stand below each other.
    """
    lines = [line | {name: Decimal(line[name]) for name in _COLUMNS} for line in printed["lines"]]
    values = {name: Decimal(printed[name]) for name in _AMOUNTS}
    taxes = [_tax(tax) for tax in printed["taxes"]]
    rates = " + ".join(f"{tax['percent']}%" for tax in printed["withheld_taxes"])
    days = {name: date.fromisoformat(printed[name]) for name in ("issued", "due")}
    columns = {name: _places(line[name] for line in lines) for name in _COLUMNS}
    totals = [values[name] for name in ("settlement", "before_tax", "coupons")]
    places = _places([*totals, *(tax["amount"] for tax in taxes)])
    return {
        **printed,
        **values,
        **days,
        "taxes": taxes,
        "withheld_rates": rates,
        "title": _("Invoice"),
        "number": number,
        "lines": lines,
        "places": places,
        "column_places": columns,
        "is_dense": max(places, *columns.values()) > DENSE_PLACES,
        "is_foreign": printed["currency"] != "USD",
    }


def decimals(value: Decimal) -> int:
    """How many decimals of an amount count."""
    text = format(value, "f").partition(".")[2]
    return len(text.rstrip("0"))


def _places(amounts: Iterable[Decimal]) -> int:
    return max([2, *map(decimals, amounts)])


def _tax(tax: Mapping[str, str]) -> dict[str, Any]:
    return dict(tax) | {name: Decimal(tax[name]) for name in ("base", "amount")}
