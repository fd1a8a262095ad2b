"""Filters of the budgets app."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from .choices import AlertKind, BudgetType
from .queries import alerts as queries
from .rules.usage import THRESHOLDS


class AlertFilterSet(PortalFilterSet):
    """Budget Alerts: by customer, by what was told, and by how far it got."""

    q = SearchFilter(
        ["association__customer__name", "association__customer__full_name"],
        label=_("Customer Name"),
        placeholder=_("Customer or account name"),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Alert"), choices=AlertKind.choices, empty_label=_("Any")
    )
    threshold = django_filters.ChoiceFilter(
        label=_("Threshold"),
        choices=[(str(each), f"{each}%") for each in THRESHOLDS],
        empty_label=_("Any"),
    )
    type = django_filters.ChoiceFilter(
        label=_("Budget Type"),
        field_name="budget_type",
        choices=BudgetType.choices,
        empty_label=_("Any"),
    )
    delivery = django_filters.ChoiceFilter(
        label=_("Delivery"),
        choices=[("failed", _("Failed for somebody")), ("unread", _("Not read by anybody"))],
        empty_label=_("Any"),
        method="by_delivery",
    )
    at = DateRangeFilter(label=_("Time"), field_name="at")
    more = ("threshold", "type", "at")

    def by_delivery(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Alerts that failed for a recipient, or that nobody has read yet."""
        if value == "failed":
            return rows.alias(failures=queries.failed()).filter(failures__gt=0)
        return rows.alias(readers=queries.read()).filter(readers=0)
