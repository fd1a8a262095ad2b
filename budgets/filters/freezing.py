"""Filters of Freeze Records."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import FreezeAction, FreezeStatus, HoldOwner


class FreezeRecordFilterSet(PortalFilterSet):
    """Who, what, by whom and when; ``customer`` is one account name."""

    q = SearchFilter(
        ["association__customer__full_name", "association__customer__name"],
        label=_("Customer Name"),
        placeholder=_("Customer or account name"),
    )
    action = django_filters.ChoiceFilter(
        label=_("Operation"), choices=FreezeAction.choices, empty_label=_("Any")
    )
    origin = django_filters.ChoiceFilter(
        label=_("Origin"), choices=HoldOwner.choices, empty_label=_("Any")
    )
    after = django_filters.ChoiceFilter(
        label=_("State afterwards"), choices=FreezeStatus.choices, empty_label=_("Any")
    )
    at = DateRangeFilter(label=_("Time"), field_name="at")
    customer = django_filters.CharFilter(
        label=_("Account Name"),
        field_name="association__customer__name",
        lookup_expr="iexact",
        max_length=64,
    )

    more = ("after", "at", "customer")


class ResellerFreezeRecordFilterSet(FreezeRecordFilterSet):
    """Also by reseller."""

    q = SearchFilter(
        [
            "association__customer__full_name",
            "association__customer__name",
            "account__full_name",
            "account__name",
        ],
        label=_("Customer Name"),
        placeholder=_("Customer or reseller name"),
    )
