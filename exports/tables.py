"""The table of the Export History."""

from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    NumberColumn,
    PortalColumn,
    TemplateColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable


class ExportTable(PortalTable):
    """Tasks, newest first (05-EXP-02)."""

    title = PortalColumn(verbose_name=_("Task"), second="description", fixed=True)
    rows_total = NumberColumn(verbose_name=_("Rows"))
    file_format = PortalColumn(verbose_name=_("Format"), shown=False)
    created_by = PortalColumn(
        verbose_name=_("Created by"), accessor="created_by__username", select=["created_by"]
    )
    created_at = TimeColumn(verbose_name=_("Created"))
    status = BadgeColumn(verbose_name=_("Status"), family="export")
    progress = TemplateColumn(
        verbose_name=_("Progress"),
        accessor="pk",
        template_name="exports/progress.html",
    )
    operation = ActionsColumn("exports/operation.html")

    default_order = ("-created_at",)
