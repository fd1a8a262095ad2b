"""Filters of list pages of the accounts app."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter

from .choices import UserStatus
from .queries import roles


def _roles(request: Any) -> Any:
    return roles.list_roles(request.actor)


class MemberFilterSet(PortalFilterSet):
    """Role, status, name, account name (02-USR-07)."""

    q = SearchFilter(["name", "username"], placeholder=_("Name or account name"))
    role = django_filters.ModelChoiceFilter(
        label=_("Role"),
        queryset=_roles,
        field_name="role_assignments__role",
        empty_label=_("Any"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(s.value, s.label) for s in (UserStatus.NORMAL, UserStatus.LOCKED)],
        empty_label=_("Any"),
    )
