"""Filters of list pages of real-name authentication."""

from django.utils.translation import gettext_lazy as _

from partner_center.lists.filters import PortalFilterSet, SearchFilter


class FileFilterSet(PortalFilterSet):
    """Files by name."""

    q = SearchFilter(["original_name", "api_name"], placeholder=_("File name or relative URL"))
