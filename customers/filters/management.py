"""Filters of Customer Management (04-CUS-02, 06-DCU-02, 07-RCUS-02)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

import budgets.queries.pace
import budgets.queries.usage
import metering.queries.cards
import resellers.queries
from accounts.choices import PartnerKind
from budgets.choices import FreezeStatus
from partner_center import clock
from partner_center.lists.filters import (
    AmountRangeFilter,
    DateRangeFilter,
    PortalFilterSet,
    SearchFilter,
)

from ..choices import AssociationModel, AssociationSource
from ..queries import management as queries

#: Not offered to resellers (07-RCUS-02).
NOT_FOR_RESELLERS = ("frozen", "automatic", "model", "associated")


#: A budget that will be used up at all; the other choices are numbers of days.
BEFORE_PERIOD_ENDS = "period"
EXHAUSTS = [
    ("3", _("Within 3 days")),
    ("7", _("Within 7 days")),
    (BEFORE_PERIOD_ENDS, _("Before its period ends")),
]


class CustomerFilterSet(PortalFilterSet):
    """Quick search by customer name; everything else behind it."""

    q = SearchFilter(
        ["customer__name", "customer__full_name"],
        label=_("Customer Name"),
        placeholder=_("Customer or account name"),
    )
    frozen = django_filters.ChoiceFilter(
        label=_("Frozen status"),
        choices=FreezeStatus.choices,
        empty_label=_("Any"),
        method="in_state",
    )
    usage = django_filters.ChoiceFilter(
        label=_("Budget Usage"),
        choices=[
            ("75", _("75% or more")),
            ("90", _("90% or more")),
            ("100", _("Used up")),
            ("none", _("No budget")),
        ],
        empty_label=_("Any"),
        method="by_usage",
    )
    automatic = django_filters.ChoiceFilter(
        label=_("Automatically Frozen"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        empty_label=_("Any"),
        method="frozen_automatically",
    )
    model = django_filters.ChoiceFilter(
        label=_("Association Type"), choices=AssociationModel.choices, empty_label=_("Any")
    )
    manager = django_filters.CharFilter(
        label=_("Account Manager"), method="managed_by", max_length=64
    )
    mobile = django_filters.CharFilter(
        label=_("Mobile Number"),
        field_name="customer__bound_mobile",
        lookup_expr="icontains",
        max_length=20,
    )
    tag = django_filters.CharFilter(
        label=_("Customer Tag"), field_name="custom_tag", lookup_expr="icontains", max_length=64
    )
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=AssociationSource.choices, empty_label=_("Any")
    )
    associated = DateRangeFilter(label=_("Association Time"), field_name="associated_at")
    spent = AmountRangeFilter(label=_("Expenditure This Month (USD)"), method="spent_between")

    exhausts = django_filters.ChoiceFilter(
        label=_("Expected Exhaustion"),
        choices=EXHAUSTS,
        empty_label=_("Any"),
        method="exhausts_within",
    )

    more = (
        "automatic",
        "model",
        "manager",
        "mobile",
        "tag",
        "source",
        "associated",
        "spent",
        "exhausts",
    )

    costly = ("usage", "spent", "exhausts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request.actor.partner_kind == PartnerKind.RESELLER:
            for name in NOT_FOR_RESELLERS:
                del self.filters[name]

    def in_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers in this freeze state."""
        return rows.filter(queries.in_freeze_states(value))

    def by_usage(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers whose budget is used to this percent, or who have none (04-BFM-03)."""
        usage = budgets.queries.usage
        if value == "none":
            return rows.filter(usage.without_budget())
        return usage.used_to(rows, int(value), clock.now())

    def frozen_automatically(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers that a budget hold freezes, or those that none does (04-BFM-17)."""
        return rows.filter(freeze_state__automatically_frozen=value == "yes")

    def spent_between(self, rows: QuerySet, name: str, value: slice) -> QuerySet:
        """Customers whose spend of the running cycle lies within these bounds (04-CUS-02)."""
        cards = metering.queries.cards
        rows = rows.alias(month_to_date=cards.month_to_date())
        return rows.filter(cards.spent_between(value.start, value.stop))

    def exhausts_within(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers whose budget will be used up within so many days, or before its period ends."""
        within = None if value == BEFORE_PERIOD_ENDS else int(value)
        found = budgets.queries.pace.exhausting(self.partner_ids(), clock.now(), within=within)
        return rows.filter(pk__in=found)

    def partner_ids(self) -> list[int]:
        """Keys of the partners whose customers the list shows."""
        return [self.request.actor.account_id]

    def managed_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers of whoever has this name or username."""
        return rows.filter(queries.managed_by(value))


class ResellerCustomerFilterSet(CustomerFilterSet):
    """The same, and the reseller and what it may do (06-DCU-02, PRM-12)."""

    reseller = django_filters.CharFilter(
        label=_("Reseller Name"), method="of_reseller", max_length=128
    )
    authorized = django_filters.ChoiceFilter(
        label=_("Authorize Permissions"),
        choices=[("yes", _("Authorized")), ("no", _("Not authorized"))],
        empty_label=_("Any"),
        method="by_grant",
    )

    def partner_ids(self) -> list[int]:
        """Keys of the distributor's resellers."""
        found = resellers.queries.reseller_ids(self.request.actor.account_id)
        return list(found.values_list("reseller_id", flat=True))

    def of_reseller(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers of resellers whose account name or full name contains the text."""
        return rows.filter(
            Q(account__name__icontains=value) | Q(account__full_name__icontains=value)
        )

    def by_grant(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Customers whose reseller holds the grant to set budgets and freeze, or does not."""
        held = resellers.queries.has_budget_grant("account_id")
        return rows.filter(held if value == "yes" else ~held)
