"""Filters of Customer Alerts (04-ALV-01)."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from . import queries
from .choices import AlertStatus

_CUSTOMER = ("association__customer__name", "association__customer__full_name")


class HandleFilterSet(PortalFilterSet):
    """Quick search by customer; status beside it."""

    q = SearchFilter(_CUSTOMER, label=_("Customer Name"), placeholder=_("Customer or account name"))
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=AlertStatus.choices, empty_label=_("Any")
    )
    raised = DateRangeFilter(label=_("Alerted"), field_name="raised_at")
    #: Links from one customer's pages name it exactly.
    customer = django_filters.CharFilter(
        label=_("Customer ID"), field_name="association__customer__public_id", max_length=64
    )

    more = ("raised", "customer")


class ViewFilterSet(HandleFilterSet):
    """Quick search by customer or account manager (04-ALV-01)."""

    q = SearchFilter(
        [*_CUSTOMER, "manager_name", "manager_username"],
        label=_("Customer or Account Manager"),
        placeholder=_("Customer or account manager"),
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The search looks at who looks after the customer, too."""
        named = {
            "manager_name": queries.manager_name(),
            "manager_username": queries.manager_username(),
        }
        return super().filter_queryset(queryset.alias(**named))
