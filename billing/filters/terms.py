"""Filters of discounts (05-CDC-03, KGR-06)."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import DiscountState
from ..queries import terms as queries


class CommercialDiscountFilterSet(PortalFilterSet):
    """By customer, and by state."""

    q = SearchFilter(
        ["customer__name", "customer__full_name"],
        label=_("Customer"),
        placeholder=_("Customer or account name"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=DiscountState.choices, empty_label=_("Any"), method="by_state"
    )

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Discounts in this state now."""
        return rows.filter(queries.in_state(value, clock.now()))


class MarketplaceDiscountFilterSet(PortalFilterSet):
    """By product."""

    q = SearchFilter(["product__name"], label=_("Product Name"), placeholder=_("Product Name"))


class CoveredProductFilterSet(PortalFilterSet):
    """By product or service."""

    q = SearchFilter(
        ["name", "code", "service_type__name"],
        label=_("Product"),
        placeholder=_("Product or service"),
    )
