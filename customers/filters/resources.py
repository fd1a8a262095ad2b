"""Filters of a customer's resources: each tab has its own (04-RES-01)."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter
from resources.queries import of_customers as queries


class _ResourceFilterSet(PortalFilterSet):
    """What the tabs share: name or ID, product type and status."""

    q = SearchFilter(
        ["name", "resource_id"],
        label=_("Resource name or ID"),
        placeholder=_("Resource name or ID"),
    )
    product = django_filters.ModelChoiceFilter(
        label=_("Product Type"),
        field_name="product__service_type",
        queryset=lambda request: queries.product_types(),
        empty_label=_("Any"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=queries.status_choices,
        empty_label=_("Any"),
        method="in_status",
    )

    def in_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Resources whose shown status is this one."""
        return rows.filter(queries.in_status(value))


class TermFilterSet(_ResourceFilterSet):
    """Yearly/monthly resources: also by order, region and expiry."""

    order_no = django_filters.CharFilter(
        label=_("Order No."), lookup_expr="icontains", max_length=64
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=lambda request: queries.regions(), empty_label=_("Any")
    )
    expires = DateRangeFilter(label=_("Expires"), field_name="expires_at")
    #: Where the card Pending Renewals leads (07-RCUS-16).
    expiring = django_filters.ChoiceFilter(
        label=_("Pending Renewals"),
        choices=[
            (days, format_lazy(_("Expire in {days} Days"), days=days))
            for days in queries.EXPIRING_DAYS
        ],
        empty_label=_("Any"),
        method="expiring_soon",
    )
    more = ("order_no", "region", "expires", "expiring")

    def expiring_soon(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Main resources that expire so soon."""
        return queries.expiring_within(rows, int(value), clock.now())


class UsageFilterSet(_ResourceFilterSet):
    """Pay-per-use resources: also by region and creation."""

    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=lambda request: queries.regions(), empty_label=_("Any")
    )
    created = DateRangeFilter(label=_("Created"), field_name="created_at")
    more = ("region", "created")


class ReservedFilterSet(_ResourceFilterSet):
    """Reserved instances: also by region and expiry."""

    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=lambda request: queries.regions(), empty_label=_("Any")
    )
    expires = DateRangeFilter(label=_("Expires"), field_name="expires_at")
    more = ("region", "expires")


class SavingsFilterSet(_ResourceFilterSet):
    """Savings plans: also by expiry."""

    expires = DateRangeFilter(label=_("Expires"), field_name="expires_at")
    more = ("expires",)
