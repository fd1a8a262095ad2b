"""Filters of History Records and of the Generation Record (04-HIS-01, LNK-07)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter

from ..choices import AssociationModel, InvitationMethod, InvitationStatus


class InvitationFilterSet(PortalFilterSet):
    """Customer name, account name, custom tag, e-mail; invitation method, status and more."""

    q = SearchFilter(
        ["customer_name", "customer__full_name", "customer__name", "custom_tag", "email"],
        placeholder=_("Customer name, account name, tag or email"),
    )
    method = ChoiceFilter(
        label=_("Invitation Method"), choices=InvitationMethod, empty_label=_("Any")
    )
    status = ChoiceFilter(
        label=_("Status"), choices=InvitationStatus, empty_label=_("Any"), field_name="state"
    )
    tag = CharFilter(label=_("Custom Tag"), field_name="custom_tag", lookup_expr="icontains")
    model = ChoiceFilter(
        label=_("Association Type"), choices=AssociationModel, empty_label=_("Any")
    )
    invited = DateRangeFilter(label=_("Invited On"), field_name="invited_at")
    more = ("tag", "model", "invited")


class LinkFilterSet(PortalFilterSet):
    """The tag, the remarks or the account manager; links that can or cannot be used."""

    q = SearchFilter(
        ["custom_tag", "remarks", "manager__name", "manager__username"],
        placeholder=_("Tag, remarks or account manager"),
    )
