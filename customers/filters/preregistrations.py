"""Filters of the tab From Partner Center."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import AssociationModel
from ..queries.preregistrations import SHOWN_STATUSES


class PreRegistrationFilterSet(PortalFilterSet):
    """Full name, mobile number or e-mail; status; more behind More filters (07-RPRE-12)."""

    q = SearchFilter(
        ["customer_name", "mobile", "email"], placeholder=_("Full name, mobile number or email")
    )
    shown = django_filters.ChoiceFilter(
        label=_("Status"), choices=list(SHOWN_STATUSES.items()), empty_label=_("Any")
    )
    model = django_filters.ChoiceFilter(
        label=_("Association Type"), choices=AssociationModel.choices, empty_label=_("Any")
    )
    created_at = DateRangeFilter(label=_("Submitted"))

    more = ("model", "created_at")
