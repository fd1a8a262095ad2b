"""Filters of Manage Association Records (04-ASC-08) and of the Operation Log."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter

from ..choices import Purpose, RequestStatus
from ..queries import records


def _managers(request: Any) -> QuerySet:
    return records.account_managers(request.actor)


class ResellerRecordFilterSet(PortalFilterSet):
    """What every list of association records is searched by."""

    q = SearchFilter(
        ["customer__full_name", "customer__name", "account__full_name"],
        label=_("Customer Name"),
        placeholder=_("Customer or reseller name"),
    )
    mobile = django_filters.CharFilter(
        label=_("Mobile Number"),
        field_name="customer__bound_mobile",
        lookup_expr="contains",
        max_length=20,
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=RequestStatus.choices, empty_label=_("Any")
    )
    purpose = django_filters.ChoiceFilter(
        label=_("Purpose"), choices=Purpose.choices, empty_label=_("Any")
    )
    customer = django_filters.CharFilter(
        label=_("Account Name"), field_name="customer__name", lookup_expr="iexact", max_length=64
    )

    more = ("purpose", "customer")


class AssociationRecordFilterSet(ResellerRecordFilterSet):
    """Customer name, account manager, mobile number; ``customer`` is one account name."""

    q = SearchFilter(
        ["customer__full_name", "customer__name"],
        label=_("Customer Name"),
        placeholder=_("Customer Name"),
    )
    manager = django_filters.ModelChoiceFilter(
        label=_("Account Manager"),
        queryset=_managers,
        empty_label=_("Anyone"),
        method="of_manager",
    )

    def of_manager(self, rows: QuerySet, name: str, manager: Any) -> QuerySet:
        """Records of customers whom this person looks after, or did so last."""
        if manager is None:
            return rows
        return rows.alias(last_manager=records.manager_id()).filter(last_manager=manager.pk)


class OperationLogFilterSet(PortalFilterSet):
    """By operation, result and partner."""

    q = SearchFilter(["account__full_name", "account__name", "reason"], placeholder=_("Partner"))
    purpose = django_filters.ChoiceFilter(
        label=_("Operation"), choices=Purpose.choices, empty_label=_("Any")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=RequestStatus.choices, empty_label=_("Any")
    )
