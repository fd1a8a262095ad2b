"""Filters of authorizations."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet

from ..choices import AuthorizationStatus


class AuthorizationFilterSet(PortalFilterSet):
    """Authorizations by status."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=AuthorizationStatus.choices, empty_label=_("Any")
    )
