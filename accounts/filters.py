"""Filters of list pages of the accounts app."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter

from .choices import AccessKeyStatus, MemberAccountStatus, UserStatus
from .queries import access_keys, enterprise, roles


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


def _key_holders(request: Any) -> Any:
    return access_keys.holders(request.actor)


class AccessKeyFilterSet(PortalFilterSet):
    """Access keys by status and user."""

    q = SearchFilter(
        ["ak", "description", "user__username", "user__name"],
        placeholder=_("Key, user or description"),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(s.value, s.label) for s in AccessKeyStatus if s != AccessKeyStatus.DELETED],
        empty_label=_("Any"),
    )
    user = django_filters.ModelChoiceFilter(
        label=_("User"), queryset=_key_holders, empty_label=_("Anyone")
    )


def _units(request: Any) -> Any:
    return enterprise.list_units(request.actor)


class MemberAccountFilterSet(PortalFilterSet):
    """Member accounts by name, status and unit."""

    q = SearchFilter(["member__name", "display_name"], placeholder=_("Account or display name"))
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=MemberAccountStatus.choices, empty_label=_("Any")
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Organization Unit"), queryset=_units, empty_label=_("Any")
    )
