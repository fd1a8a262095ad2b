"""Filters of the expenditure details (04-EXD-01, 06-DED-02, 07-REXD-01)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from catalog.choices import BillingMode
from customers.choices import AssociationModel
from partner_center import clock
from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import BillType
from ..queries import details, reach
from ..rules.spending import cycles_kept

#: Filters that the roll-ups answer too, with the column that holds the value there.
IN_SUMS = {
    "cycle": "",
    "manager": "",
    "service": "service_type",
    "region": "region",
    "model": "model",
    "mode": "mode",
    "bill_type": "bill_type",
}


def _managers(request: Any) -> QuerySet:
    return reach.managers(request.actor)


def _services(request: Any) -> QuerySet:
    return details.services(request.actor)


def _regions(request: Any) -> QuerySet:
    return details.regions(request.actor)


def cycle_choices() -> list[tuple[str, str]]:
    """Billing cycles whose details can be asked for, newest first."""
    return [(cycle, cycle) for cycle in cycles_kept(clock.now())]


class ExpenditureFilterSet(PortalFilterSet):
    """Everything of the table of 04 §8.3.4.2; the cycle is always one."""

    q = SearchFilter(
        ["customer__name", "customer__full_name"],
        label=_("Customer Name"),
        placeholder=_("Customer or account name"),
    )
    cycle = django_filters.ChoiceFilter(
        label=_("Billing Cycle"), choices=cycle_choices, empty_label=None, method="as_it_is"
    )
    due = django_filters.ChoiceFilter(
        label=_("Amount Due"),
        choices=[("nonzero", _("Hide 0 Expenditures"))],
        empty_label=_("All"),
        method="with_amount",
    )
    partner = django_filters.CharFilter(
        label=_("Partner Name"), method="of_partner", max_length=128
    )
    manager = django_filters.ModelChoiceFilter(
        label=_("Account Manager"), queryset=_managers, empty_label=_("Any"), method="managed_by"
    )
    trade = django_filters.CharFilter(
        label=_("Order/Transaction ID"), method="of_trade", max_length=64
    )
    resource_id = django_filters.CharFilter(
        label=_("Resource ID"), method="of_resource", max_length=512
    )
    resource = django_filters.CharFilter(
        label=_("Resource"), method="of_resources_named", max_length=255
    )
    service = django_filters.ModelChoiceFilter(
        label=_("Product Type"),
        queryset=_services,
        empty_label=_("Any"),
        field_name="service_type",
    )
    model = django_filters.ChoiceFilter(
        label=_("Association Type"), choices=AssociationModel.choices, empty_label=_("Any")
    )
    mode = django_filters.ChoiceFilter(
        label=_("Billing Mode"), choices=BillingMode.choices, empty_label=_("Any")
    )
    bill_type = django_filters.ChoiceFilter(
        label=_("Bill Type"), choices=BillType.choices, empty_label=_("Any")
    )
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=_regions, empty_label=_("Any"), field_name="region"
    )

    always = ("cycle",)
    more = (
        "partner",
        "manager",
        "trade",
        "resource_id",
        "resource",
        "service",
        "model",
        "mode",
        "bill_type",
        "region",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only distributors have partners below them (06-DED-01).
        if self.request.actor.partner_kind != PartnerKind.DISTRIBUTOR:
            del self.filters["partner"]

    def as_it_is(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The rows are those of the cycle already: it decides which table is read."""
        return rows

    def with_amount(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Without what costs nothing."""
        return rows.filter(details.nonzero())

    def of_partner(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Of partners whose account name or full name contains the text."""
        return rows.filter(
            Q(partner__name__icontains=value) | Q(partner__full_name__icontains=value)
        )

    def managed_by(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """What counts for this account manager (04-EXS-04)."""
        return rows.filter(reach.attributed_to(value.pk))

    def of_trade(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The charge of one order or transaction."""
        return rows.filter(details.of_trade(value))

    def of_resource(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The charges of one resource."""
        return details.of_resource(rows, value)

    def of_resources_named(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The charges of resources with this in their name."""
        return details.of_resources_named(rows, value)
