"""A list as the list machine prints it, without a table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.utils.html import format_html

from partner_center.lists.presentation import Choice, Head, ShownFilter
from partner_center.templatetags import portal as tags

from . import samples
from .forms import SampleFilterForm

COLUMNS = (
    # name, label, basis, css, sorted, eye
    ("customer", "Customer / Account Name", "", "", "ascending", False),
    ("contact", "Mobile / Email", "", "", "", True),
    ("budget", "Monthly Budget (USD)", "", "pc-figures", "none", False),
    ("usage", "Budget Usage", "forecast at month end", "pc-usage-cell", "", False),
    ("status", "Frozen status", "", "pc-state", "none", False),
    ("operation", "Operation", "", "pc-operation", "", False),
)
ROWS = (
    ("mangrove-retail", Decimal(8000), "Normal"),
    ("kestrel-pay", Decimal("5000.5"), "Account frozen"),
    ("quarry-analytics", Decimal(10000), "Normal"),
    ("orchid-clinic-group", Decimal("1500.12345678"), "Account and resources frozen"),
    ("sunward-media", None, "Normal"),
)


@dataclass(frozen=True)
class Cell:
    """One cell, as the list templates read it."""

    label: str
    css: str
    html: Any
    second: str = ""


def _cells(name: str, budget: Decimal | None, state: str, bar: Any, menu: Any) -> list[Cell]:
    return [
        Cell("Customer", "", format_html('<a href="#lists">{}</a>', name), "K**** P****"),
        Cell("Mobile / Email", "", "+63 ****2291", "acc****@harborline.ph"),
        Cell("Monthly Budget (USD)", "pc-figures", tags.amount(budget)),
        Cell("Budget Usage", "pc-usage-cell", tags.usage_bar(bar)),
        Cell("Frozen status", "pc-state", tags.badge("freeze", state)),
        Cell("Operation", "pc-operation", menu(name)),
    ]


def context(address: str, menu: Any) -> dict[str, Any]:
    """What the templates of portal/lists read. ``menu`` draws the operations of a row."""
    form = SampleFilterForm({"kind": "reseller"})
    heads = [
        Head(name, label, basis, css, "?" if order else "", order or "none", eye, False)
        for name, label, basis, css, order, eye in COLUMNS
    ]
    rows = [
        SimpleNamespace(pk=name, label=name, cells=_cells(name, budget, state, bar, menu))
        for (name, budget, state), bar in zip(ROWS, samples.bars(), strict=True)
    ]
    page = Paginator(range(86), 10).page(4)
    filters = [
        ShownFilter(form["status"], True, False, "", "?"),
        ShownFilter(form["kind"], True, True, "Reseller", "?"),
    ]
    return {
        "view": {"title": "Sample customers"},
        "address": address,
        "announcement": "86 records",
        "heads": heads,
        "rows": rows,
        "has_ticks": True,
        "columns": [Choice(head.name, head.label, True, head.name == "customer") for head in heads],
        "search": SampleFilterForm()["q"],
        "search_placeholder": "Search name, account, contact",
        "filters": filters,
        "more_filters": [],
        "every_filter": filters,
        "set_count": 1,
        "clear_url": "?",
        "page": page,
        "pages": page.paginator.get_elided_page_range(4, on_each_side=1, on_ends=1),
        "page_sizes": [10, 20, 50, 100],
        "total": 86,
        "total_words": "86",
        "more_total": 86,
        "batch_actions": [
            {"name": "budget", "icon": "gauge", "label": "Set Budget…"},
            {"name": "freeze", "icon": "lock", "label": "Freeze…"},
        ],
    }
