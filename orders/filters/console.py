"""Filters of the console's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.queries import goods
from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter
from resources.choices import ExpiryPolicy, ResourceStatus
from resources.queries import projects

from ..choices import OrderStatus, OrderType


def _services(request: Any) -> QuerySet:
    return goods.services()


def _projects(request: Any) -> QuerySet:
    return projects.choices_of(request.actor.account_id)


class MyOrderFilterSet(PortalFilterSet):
    """By number, state, type, product and day."""

    q = SearchFilter(["order_no", "service_type__name"], placeholder=_("Order No. or product"))
    status = django_filters.ChoiceFilter(
        label=_("Order Status"), choices=OrderStatus.choices, empty_label=_("Any")
    )
    order_type = django_filters.ChoiceFilter(
        label=_("Order Type"), choices=OrderType.choices, empty_label=_("Any")
    )
    ordered_at = DateRangeFilter(label=_("Ordered On"))

    more = ("ordered_at",)


class ResourceFilterSet(PortalFilterSet):
    """By name or ID, state and product."""

    q = SearchFilter(["name", "resource_id", "spec_text"], placeholder=_("Name or ID"))
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[c for c in ResourceStatus.choices if c[0] != ResourceStatus.RELEASED],
        empty_label=_("Any"),
    )
    service = django_filters.ModelChoiceFilter(
        label=_("Product Type"),
        queryset=_services,
        field_name="product__service_type",
        empty_label=_("Any"),
    )
    project = django_filters.ModelChoiceFilter(
        label=_("Enterprise Project"),
        queryset=_projects,
        empty_label=_("Any"),
        null_label="default",
        null_value="default",
    )

    more: tuple[str, ...] = ("project",)


class RenewalFilterSet(ResourceFilterSet):
    """Also by what happens after the expiry."""

    policy = django_filters.ChoiceFilter(
        label=_("After Expiry"),
        field_name="expiry_policy",
        choices=ExpiryPolicy.choices,
        empty_label=_("Any"),
    )
