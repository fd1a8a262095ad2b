"""Filters of partner discounts."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import DiscountAction


class DiscountRecordFilterSet(PortalFilterSet):
    """Operation records by customer and operation type."""

    q = SearchFilter(
        ["association__customer__full_name", "association__customer__name"],
        placeholder=_("Customer or account name"),
    )
    action = django_filters.ChoiceFilter(
        label=_("Operation Type"), choices=DiscountAction.choices, empty_label=_("Any")
    )
