"""Columns of Customer Management about budgets (04-CUS-04, CUS-10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

import budgets.queries.usage
from partner_center import clock, money
from partner_center.lists.columns import AmountColumn, Label, PortalColumn
from partner_center.templatetags import portal
from partner_center.usage import usage_bar


class MonthlyBudgetColumn(AmountColumn):
    """The monthly budget; -- while a one-time budget is in its place."""

    def __init__(self) -> None:
        super().__init__(
            _("Monthly Budget"),
            accessor="monthly_budget",
            annotate=lambda: {"monthly_budget": budgets.queries.usage.monthly_budget()},
        )


class OneTimeBudgetColumn(AmountColumn):
    """The one-time budget; -- without one."""

    def __init__(self) -> None:
        super().__init__(
            _("One-Time Budget"),
            accessor="one_time_budget",
            annotate=lambda: {"one_time_budget": budgets.queries.usage.one_time_budget()},
        )


class BudgetUsageColumn(PortalColumn):
    """How much of the budget is used, as a bar; whole percent, rounded down, in files (04-BFM-03)."""

    css = "pc-usage-cell"
    empty_values = ()

    def __init__(self) -> None:
        super().__init__(
            _("Budget Usage"),
            accessor="budget_amount",
            annotate=lambda: {
                "budget_amount": F("budget__amount"),
                "budget_used": budgets.queries.usage.used(clock.now(), "budget__"),
                "budget_share": budgets.queries.usage.share(clock.now()),
            },
            order_by="budget_share",
        )

    def exported(self, accessor: str, label: Label) -> list[tuple[str, Combinable]]:
        """The percent alone: files have no bars."""
        return [(f"{label} (%)", budgets.queries.usage.percent(clock.now()))]

    def render(self, value: Any, record: Any) -> SafeString:
        return portal.usage_bar(usage_bar(record.budget_used or Decimal(0), value or None))


class CurrentEstimateColumn(PortalColumn):
    """What a monthly budget has used this month, to eight decimals (04-CUS-10)."""

    css = "pc-figures"
    unit = "USD"

    def __init__(self) -> None:
        super().__init__(
            _("Current Estimate"),
            accessor="current_estimate",
            annotate=lambda: {
                "current_estimate": budgets.queries.usage.current_estimate(clock.now())
            },
            orderable=False,
            shown=False,
        )

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(money.cut(value, 8))
