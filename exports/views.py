"""Export History and its actions (05-EXP-02)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.core.files import File
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.uploads import PrivateFileView, open_private
from partner_center.views import PortalView

from . import queries, rules, services
from .filters import ExportFilterSet
from .permissions import VIEW_EXPORTS
from .tables import ExportTable


class ExportHistoryView(PortalListView):
    """The account's export tasks, own ones for most members."""

    permission = VIEW_EXPORTS
    title = gettext_lazy("Export History")
    list_name = "exports"
    basis = gettext_lazy(
        "Files are kept for 7 days. Names, mobile numbers and email addresses in them are masked."
    )
    queryset = staticmethod(queries.list_tasks)
    filterset_class = ExportFilterSet
    table_class = ExportTable
    empty_title = gettext_lazy("No exports yet")
    empty_text = gettext_lazy("Lists are exported on their own pages. The files appear here.")
    empty_icon = "file-export"
    POLL_SECONDS: ClassVar[int] = 5

    def refresh_seconds(self, page: Page) -> int:
        """Every five seconds while a task on the page waits or runs."""
        return self.POLL_SECONDS if any(task.is_unfinished for task in page.object_list) else 0


class ExportDownloadView(PrivateFileView):
    """The file of a completed task: 409 before it is completed, 410 when it expired."""

    permission = VIEW_EXPORTS

    def find_file(self, uid: str) -> tuple[File, str]:  # type: ignore[override]
        """The file; NotFound for another tenant's."""
        task = services.record_download(self.actor, uid)
        name = rules.download_name(task.title, task.created_at, task.file_format)
        return open_private(task.storage_name), name


class ExportCancelView(PortalView):
    """Take back a task that waits or runs."""

    permission = VIEW_EXPORTS

    def post(self, request: HttpRequest, uid: str) -> HttpResponse:
        """Cancel and go back to the history."""
        services.cancel_export(self.actor, uid)
        messages.success(request, _("Export task canceled"))
        return redirect("exports:history")


class ExportRepeatView(PortalView):
    """Create a failed or expired task again."""

    permission = VIEW_EXPORTS

    def post(self, request: HttpRequest, uid: str) -> HttpResponse:
        """Create it and go back to the history."""
        services.repeat_export(self.actor, uid)
        messages.success(request, _("Export task created"))
        return redirect("exports:history")
