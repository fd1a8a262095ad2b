"""Filters of Consumed Product Details (05-BFD-04)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from metering.choices import BillType
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import Settlement
from ..queries import bills, details
from ..queries.details import Book

#: Filters that the sums of an issued bill answer too; those of an open cycle know no terms.
IN_SUMS = frozenset({"cycle", "q", "customer", "service", "bill_type", "settlement"})


def _services(request: Any) -> QuerySet:
    return details.service_types(request.actor)


class DetailsFilterSet(PortalFilterSet):
    """The cycle is always one: the rows are those of it already."""

    q = SearchFilter(
        ["customer__full_name", "customer__name"],
        label=_("Customer Name"),
        placeholder=_("Customer or account name"),
    )
    cycle = django_filters.ChoiceFilter(
        label=_("Billing Cycle"), empty_label=None, method="as_it_is"
    )
    customer = django_filters.CharFilter(
        label=_("Customer Information"), method="of_customer", max_length=128
    )
    trade = django_filters.CharFilter(
        label=_("Order/Transaction ID"), method="of_trade", max_length=64
    )
    service = django_filters.ModelChoiceFilter(
        label=_("Product Type"),
        queryset=_services,
        empty_label=_("Any"),
        field_name="charge__service_type",
    )
    bill_type = django_filters.ChoiceFilter(
        label=_("Bill Type"),
        choices=BillType.choices,
        empty_label=_("Any"),
        field_name="charge__bill_type",
    )
    settlement = django_filters.ChoiceFilter(
        label=_("Settlement Type"),
        choices=Settlement.choices,
        empty_label=_("Any"),
        method="of_settlement",
    )

    more = ("trade", "bill_type", "settlement")
    always = ("cycle",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = bills.months(self.request.actor, clock.now())
        self.filters["cycle"].extra["choices"] = [(row.cycle, row.cycle) for row in months]

    def as_it_is(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The rows are those of the cycle already: it decides which table is read."""
        return rows

    def of_customer(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Of the customer with this ID, or whose account name contains the text."""
        return rows.filter(details.of_customer(value))

    def of_trade(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The lines of one order or transaction."""
        return rows.filter(self._book.of_trade(value))

    def of_settlement(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The lines under these terms."""
        return rows.filter(self._book.of_settlement(value))

    @property
    def _book(self) -> Book:
        cycle = self.data.get("cycle") or str(BillingCycle.of(clock.now()))
        return details.get_book(self.request.actor, cycle)
