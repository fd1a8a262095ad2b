"""Filters of coupons and their history (05-CPV-04, CPV-05)."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import CouponMove, CouponSource, CouponState
from ..queries import coupons as queries


class CustomerSearchFilter(SearchFilter):
    """The search box: a customer, to see all coupons that it may use."""

    def __init__(self) -> None:
        super().__init__((), label=_("Customer"), placeholder=_("Customer or account name"))

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Coupons for this customer, for its reseller and for all."""
        if not (value or "").strip():
            return qs
        return qs.filter(queries.available_to(self.parent.request.actor, value))


class CouponFilterSet(PortalFilterSet):
    """By customer, state and source."""

    q = CustomerSearchFilter()
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=CouponState.choices, empty_label=_("Any"), method="by_state"
    )
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=CouponSource.choices, empty_label=_("Any")
    )

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Coupons in this state now."""
        return rows.filter(queries.in_state(value, clock.now()))


class CouponUseFilterSet(PortalFilterSet):
    """By billing cycle."""

    cycle = django_filters.CharFilter(label=_("Billing Cycle"), max_length=7)


class CouponEntryFilterSet(PortalFilterSet):
    """By coupon, kind of change and day."""

    q = SearchFilter(
        ["coupon__name", "coupon__number"],
        label=_("Cash Coupon"),
        placeholder=_("Coupon name or ID"),
    )
    move = django_filters.ChoiceFilter(
        label=_("Type"), choices=CouponMove.choices, empty_label=_("Any")
    )
    at = DateRangeFilter(label=_("Time"), field_name="at")
