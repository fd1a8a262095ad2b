"""Tables of real-name authentication."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import ActionsColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable


class SizeColumn(PortalColumn):
    """Bytes, in words."""

    css = "pc-figures"

    def render(self, value: int) -> str:
        return filesizeformat(value)


class FileTable(PortalTable):
    """Files for the API."""

    original_name = PortalColumn(verbose_name=_("File"), fixed=True)
    relative_url = PortalColumn(verbose_name=_("Relative URL"), orderable=False)
    size = SizeColumn(verbose_name=_("Size"))
    uploaded_by = PortalColumn(
        verbose_name=_("Uploaded By"), accessor="uploaded_by__username", select=["uploaded_by"]
    )
    uploaded_at = TimeColumn(verbose_name=_("Uploaded"))
    expires_at = TimeColumn(verbose_name=_("Deleted If Unused"), orderable=False)
    operation = ActionsColumn("realname/parts/file_actions.html")

    default_order = ("-uploaded_at",)
