"""Filters of signed agreements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter


class AgreementFilterSet(PortalFilterSet):
    """Signed agreements by name."""

    q = SearchFilter(["document__title", "document__version"], placeholder=_("Name or version"))
