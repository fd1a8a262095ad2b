"""Filters of the customer's resource packages and their deductions."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import PackageState


class PackageFilterSet(PortalFilterSet):
    """By name and state."""

    q = SearchFilter(
        ["resource__product__name", "resource__resource_id"],
        placeholder=_("Package name or resource ID"),
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=PackageState.choices, empty_label=_("Any")
    )


class DeductionFilterSet(PortalFilterSet):
    """By resource and day."""

    q = SearchFilter(
        ["record__resource_id", "record__resource_name"], placeholder=_("Resource ID or name")
    )
    deducted = DateRangeFilter(label=_("Deducted"), field_name="deducted_at")
