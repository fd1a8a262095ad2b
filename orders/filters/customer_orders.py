"""Filters of Customer Orders (04-ORD-02, 06-DOR-02, 07-ROQ-02)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import OrderStatus, OrderType
from ..queries import customer_orders as queries

#: Not offered to resellers (07-ROQ-02).
NOT_FOR_RESELLERS = ("status", "type", "ordered")


class CustomerOrderFilterSet(PortalFilterSet):
    """Quick search by customer; order number and product type beside it."""

    q = SearchFilter(
        ["account__name", "account__full_name"],
        label=_("Customer"),
        placeholder=_("Customer or account name"),
    )
    order_no = django_filters.CharFilter(
        label=_("Order No."), lookup_expr="icontains", max_length=64
    )
    status = django_filters.ChoiceFilter(
        label=_("Order Status"), choices=OrderStatus.choices, empty_label=_("Any")
    )
    product = django_filters.ModelChoiceFilter(
        label=_("Product Type"),
        field_name="service_type",
        queryset=lambda request: queries.product_types(request.actor),
        empty_label=_("Any"),
    )
    type = django_filters.ChoiceFilter(
        label=_("Order Type"),
        field_name="order_type",
        choices=OrderType.choices,
        empty_label=_("Any"),
    )
    ordered = DateRangeFilter(label=_("Ordered On"), field_name="ordered_at")
    #: Links from one customer's pages name it exactly.
    customer = django_filters.CharFilter(
        label=_("Customer ID"), field_name="account__public_id", max_length=64
    )

    more = ("type", "ordered", "customer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request.actor.partner_kind == PartnerKind.RESELLER:
            for name in NOT_FOR_RESELLERS:
                del self.filters[name]


class ResellerOrderFilterSet(CustomerOrderFilterSet):
    """The same, and the reseller (06-DOR-02)."""

    reseller = django_filters.CharFilter(label=_("Reseller"), method="of_reseller", max_length=128)

    def of_reseller(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Orders of customers of resellers whose account name or full name contains the text."""
        named = Q(partner__name__icontains=value) | Q(partner__full_name__icontains=value)
        return rows.filter(named)


class AdjustmentFilterSet(PortalFilterSet):
    """Price adjustments by customer, order and time."""

    q = SearchFilter(
        ["order__account__name", "order__account__full_name", "order__order_no"],
        label=_("Customer or order"),
        placeholder=_("Customer, account name or order no."),
    )
    adjusted = DateRangeFilter(label=_("Time"), field_name="adjusted_at")
