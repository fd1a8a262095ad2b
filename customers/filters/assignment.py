"""Filters of Customer Assignment and of batches."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import BatchKind, RowOutcome


class ManagerFilterSet(PortalFilterSet):
    """Account managers by name."""

    q = SearchFilter(["name", "username"], placeholder=_("Account manager"))


class ManagedCustomerFilterSet(PortalFilterSet):
    """Customers of one account manager by name."""

    q = SearchFilter(
        ["customer__full_name", "customer__name"], placeholder=_("Customer or account name")
    )


class BatchFilterSet(PortalFilterSet):
    """Batches by kind."""

    kind = django_filters.ChoiceFilter(
        label=_("Operation Type"), choices=BatchKind.choices, empty_label=_("Any")
    )


class BatchRowFilterSet(PortalFilterSet):
    """Rows of a batch by result and customer."""

    q = SearchFilter(
        ["association__customer__full_name", "association__customer__name"],
        placeholder=_("Customer or account name"),
    )
    outcome = django_filters.ChoiceFilter(
        label=_("Result"), choices=RowOutcome.choices, empty_label=_("Any")
    )
