"""Filters of Adjustment Records."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import AdjustmentSource, BudgetType


class AdjustmentFilterSet(PortalFilterSet):
    """Who, when, what type and from where."""

    q = SearchFilter(["actor_name"], label=_("Operator"), placeholder=_("Operator"))
    type = django_filters.ChoiceFilter(
        label=_("Budget Type"),
        field_name="type_after",
        choices=BudgetType.choices,
        empty_label=_("Any"),
    )
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=AdjustmentSource.choices, empty_label=_("Any")
    )
    at = DateRangeFilter(label=_("Time"), field_name="at")
