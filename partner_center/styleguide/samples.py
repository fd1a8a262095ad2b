"""Plain values that the style page draws. None of them is anybody's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partner_center import badges, money
from partner_center.usage import UsageBar, usage_bar

TOKENS = [
    "canvas",
    "surface",
    "raised",
    "sunken",
    "line",
    "line-2",
    "control",
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "accent-soft",
    "bar",
    "ok",
    "ok-soft",
    "warn",
    "warn-soft",
    "warn-fill",
    "high",
    "high-soft",
    "high-fill",
    "bad",
    "bad-soft",
    "bad-fill",
    "ice",
    "ice-soft",
    "deep",
    "behalf",
    "behalf-soft",
]

AMOUNTS = [
    ("Exact, 8 decimals", Decimal("4561.20734418")),
    ("Two decimals, padded", Decimal("2118.4")),
    ("Negative", Decimal("-853.8495")),
    ("No value", None),
]
AMOUNT_SUM = Decimal("5825.75784418")

CYCLES = [
    ("2026-11", "31408.7741903", "Estimate"),
    ("2026-10", "51656.3", "Unpaid"),
    ("2026-09", "51754.72", "Overdue"),
    ("2026-08", "50258.48", "Paid"),
    ("2026-07", "49170.44", "Paid"),
    ("2026-06", "44932.56", "Paid"),
    ("2026-05", "46212.02", "Partially paid"),
    ("2026-04", "42577.1", "Paid"),
    ("2026-03", "41933.81", "Paid"),
    ("2026-02", "39055.54", "Paid"),
    ("2026-01", "39335.02", "Paid"),
    ("2025-12", "0", "No payment due"),
]


def bars() -> list[UsageBar]:
    """Usage bars: below 75, below 90, below 100, from 100, without budget."""
    budget = Decimal(100)
    return [
        usage_bar(Decimal(39), budget, forecast=Decimal(60)),
        usage_bar(Decimal(76), budget, words="lasts to Dec 21"),
        usage_bar(Decimal(94), budget, words="exhausts Nov 21", soon=True, forecast=Decimal(144)),
        usage_bar(Decimal(109), budget, words="reached Nov 17", forecast=Decimal(180)),
        usage_bar(Decimal(0), None),
    ]


def months() -> list[dict[str, Any]]:
    """A month tape, newest first."""
    return [
        {
            "cycle": cycle,
            "amount": Decimal(amount),
            "state": state,
            "url": f"?cycle={cycle}#figures",
            "current": cycle == "2026-10",
            "estimate": state == "Estimate",
        }
        for cycle, amount, state in CYCLES
    ]


def terms(explanation: str) -> list[dict[str, Any]]:
    """A bill equation; each term opens the sample drawer."""
    figures = [
        ("Expenditures", "48213.4871225", ""),
        ("Refunds", "-853.8495", "+"),
        ("Adjustments", "-37.9425", "+"),
        ("Coupons used", "1200", "−"),
        ("VAT 12%", "5534.6034147", "+"),
    ]
    return [
        {"label": label, "amount": Decimal(amount), "sign": sign, "url": explanation}
        for label, amount, sign in figures
    ]


def chart() -> dict[str, Any]:
    """Twelve months of spend; the last one is an estimate."""
    values = [34.1, 35.3, 35.1, 37.6, 38.1, 41.3, 40.2, 44.0, 45.2, 46.5, 47.3, 31.4]
    return {
        "categories": [cycle for cycle, _, _ in reversed(CYCLES)],
        "currency": "$",
        "description": "Customer expenditure of twelve months in USD; 2026-11 is an estimate.",
        "series": [{"name": "Expenditure", "values": [v * 1000 for v in values], "estimate": [11]}],
    }


def lines() -> dict[str, Any]:
    """Spend in a month, its forecast and two thresholds."""
    return {
        "categories": [f"Nov {day:02d}" for day in range(1, 31)],
        "currency": "$",
        "description": "Cumulative spend to Nov 20 and its forecast to the end of the month.",
        "series": [
            {
                "name": "Spend",
                "type": "line",
                "area": True,
                "values": [day * 400 if day <= 20 else None for day in range(1, 31)],
            },
            {
                "name": "Forecast",
                "type": "line",
                "forecast": True,
                "values": [None if day < 20 else day * 400 for day in range(1, 31)],
            },
        ],
        "thresholds": [
            {"value": 9600, "label": "75%", "tone": "warn-fill"},
            {"value": 12800, "label": "100%", "tone": "ink"},
        ],
    }


def context(explanation: str) -> dict[str, Any]:
    """All samples; ``explanation`` is the address of the sample drawer."""
    return {
        "tokens": TOKENS,
        "series_numbers": range(1, 9),
        "families": badges.TABLE.items(),
        "amounts": AMOUNTS,
        "amount_sum": AMOUNT_SUM,
        "bars": bars(),
        "bar_large": usage_bar(
            Decimal("4105.12"), Decimal(5000), words="forecast 104% at month end",
            forecast=Decimal(5200),
        ),
        "months": months(),
        "terms": terms(explanation),
        "due": Decimal("51656.30"),
        "chart": chart(),
        "lines": lines(),
        "tabs": [
            {"label": "Users", "url": "#lists", "current": True, "count": 11},
            {"label": "Roles", "url": "#lists", "count": 7},
            {"label": "Overdue", "url": "#lists", "count": 1, "bad": True},
        ],
        "steps": [
            ("Specify User Information", "done", "#fields"),
            ("Assign Role", "now", ""),
            ("Finish", "later", ""),
        ],
        "results": [
            {"name": "quarry-analytics", "done": True, "words": "Account frozen"},
            {"name": "bluefern-studio", "done": False, "words": "Managed by reseller Bayfield IT."},
        ],
    }  # fmt: skip


def invoice() -> dict[str, Any]:
    """A small invoice for the paper template."""
    lines = [
        ("Elastic Cloud Server", Decimal("27914.338125")),
        ("Elastic Volume Service", Decimal("6823.199245")),
        ("Content Delivery Network", Decimal("1152.7601625")),
    ]
    total = sum((amount for _product, amount in lines), Decimal(0))
    return {
        "title": "Invoice",
        "number": "SAMPLE0001",
        "facts": [("Period", "2026-10"), ("Issued", "Nov 05, 2026"), ("Currency", "USD")],
        "lines": lines,
        "total": total,
        "due": money.round_due(total),
    }
