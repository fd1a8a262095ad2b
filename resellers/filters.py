"""Filters of the distributor's lists."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter

from .choices import InvitationStatus
from .queries.grants import is_authorized

_YES_NO = (("yes", _("Yes")), ("no", _("No")))


class ResellerFilterSet(PortalFilterSet):
    """Reseller name, and whether permissions were granted."""

    q = SearchFilter(["reseller__full_name", "reseller__name"], placeholder=_("Reseller name"))
    authorized = django_filters.ChoiceFilter(
        label=_("Authorize Permissions"),
        choices=_YES_NO,
        empty_label=_("Any"),
        method="filter_authorized",
    )

    def filter_authorized(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Resellers with or without the grant to set budgets and freeze."""
        grants = is_authorized()
        return rows.filter(grants if value == "yes" else ~grants)


class InvitationFilterSet(PortalFilterSet):
    """E-mail address and status (06, Invitation Record)."""

    q = SearchFilter(["email"], placeholder=_("Email"))
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=InvitationStatus.choices, empty_label=_("Any")
    )
