"""The operator's page of export tasks."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from partner_center.admin import OPERATION, EstimatedPaginator, PortalModelAdmin, site

from .choices import ExportStatus
from .models import ExportTask
from .permissions import OPERATE_EXPORTS, VIEW_EXPORTS_OF_ALL
from .services import operating

STATUS_COLOURS = {
    ExportStatus.WAITING.label: "default",
    ExportStatus.PROCESSING.label: "info",
    ExportStatus.COMPLETED.label: "success",
    ExportStatus.FAILED.label: "danger",
    ExportStatus.EXPIRED.label: "default",
}


@admin.register(ExportTask, site=site)
class ExportTaskAdmin(PortalModelAdmin):
    """Tasks of all accounts; the files stay their accounts' own."""

    view_permission = VIEW_EXPORTS_OF_ALL
    manage_permission = OPERATE_EXPORTS
    group = OPERATION
    icon = "download"
    paginator = EstimatedPaginator
    list_display = (
        "created_at",
        "title",
        "account",
        "created_by",
        "file_format",
        "shown_status",
        "rows_done",
        "finished_at",
    )
    list_select_related = ("account", "created_by")
    list_filter = ("status", "file_format")
    search_fields = ("title", "exporter", "account__name", "created_by__username")
    ordering = ("-id",)
    actions = ("stop",)
    fields = (
        "title",
        "exporter",
        "description",
        "account",
        "created_by",
        "file_format",
        "status",
        "attempts",
        "rows_done",
        "rows_total",
        "file_size",
        "failure",
        "created_at",
        "started_at",
        "finished_at",
        "expires_at",
    )

    @display(description=gettext_lazy("Status"), ordering="status", label=dict(STATUS_COLOURS))
    def shown_status(self, task: ExportTask) -> str:
        """The status with its colour."""
        return task.get_status_display()

    @admin.action(description=gettext_lazy("Stop waiting and running ones"), permissions=["manage"])
    def stop(self, request: HttpRequest, rows: QuerySet) -> None:
        """Stop each ticked task."""
        self.each(request, rows, operating.stop_export)
