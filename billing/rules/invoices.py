"""Numbers and words of invoices: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from partner_center.clock import BillingCycle

#: Amounts with more decimals are printed smaller, so that three columns fit on the paper.
DENSE_PLACES = 10
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

    ``places`` is the most decimals of the table, so that its points stand below each other.
    """
    lines = [
        line | {name: Decimal(line[name]) for name in ("expenditures", "others", "total")}
        for line in printed["lines"]
    ]
    values = {name: Decimal(printed[name]) for name in _AMOUNTS}
    taxes = [_tax(tax) for tax in printed["taxes"]]
    rates = " + ".join(f"{tax['percent']}%" for tax in printed["withheld_taxes"])
    days = {name: date.fromisoformat(printed[name]) for name in ("issued", "due")}
    shown = [value for line in lines for value in line.values() if isinstance(value, Decimal)]
    shown += [values[name] for name in ("settlement", "before_tax", "coupons")]
    shown += [tax["amount"] for tax in taxes]
    places = max([2, *(decimals(value) for value in shown)])
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
        "is_dense": places > DENSE_PLACES,
        "is_foreign": printed["currency"] != "USD",
    }


def decimals(value: Decimal) -> int:
    """How many decimals of an amount count."""
    text = format(value, "f").partition(".")[2]
    return len(text.rstrip("0"))


def _tax(tax: Mapping[str, str]) -> dict[str, Any]:
    return dict(tax) | {name: Decimal(tax[name]) for name in ("base", "amount")}
