"""Partner Information > API Files: scans that calls of the API name (B.50 to B.52)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.uploads import PrivateFileView, open_private
from partner_center.views import PortalView, add_refusal

from ..filters import FileFilterSet
from ..forms import FileForm
from ..permissions import UPLOAD_FILES
from ..queries import files as queries
from ..services import files as services
from ..tables import FileTable


class FilesPage(PortalView):
    """A page that exists for partners whom the operator lets upload certificates."""

    permission = UPLOAD_FILES
    audiences = frozenset({Audience.PARTNER})

    def _authorize(self) -> None:
        super()._authorize()
        if "may_upload_certificates" not in self.request.actor.grants:
            raise NotFound


class FileListView(FilesPage, PortalListView):
    """Files that wait to be named."""

    title = gettext_lazy("API Files")
    list_name = "api_files"
    basis = gettext_lazy(
        "Scans of certificates for real-name authentication through the API. A file that no "
        "application names within seven days is deleted."
    )
    queryset = staticmethod(queries.list_files)
    filterset_class = FileFilterSet
    table_class = FileTable
    template_name = "realname/files.html"
    empty_title = gettext_lazy("No files wait")
    empty_text = gettext_lazy(
        "Upload the scans of a certificate, then name their relative URLs in verified_file_url."
    )
    empty_icon = "upload"
    empty_action = (gettext_lazy("Upload File"), "realname:file-upload")


class FileUploadView(FilesPage):
    """Upload one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(FileForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Take the file."""
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            file = services.upload(self.actor, file=form.cleaned_data["file"])
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=refusal.status)
        messages.success(
            request, _("Uploaded. Its relative URL: %(url)s") % {"url": file.relative_url}
        )
        return redirect("realname:files")

    def _show(self, form: FileForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "title": _("Upload File"),
            "form": form,
            "submit_label": _("Upload"),
            "cancel_url": reverse("realname:files"),
        }
        return render(self.request, "realname/file_upload.html", context, status=status)


class FileView(FilesPage, PrivateFileView):
    """An own file that still waits."""

    inline = True

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The file. Raises NotFound."""
        found = queries.get_file(self.actor, kwargs["name"])
        return open_private(found.file.name), found.api_name


class FileDeleteView(FilesPage):
    """Delete an own file that still waits."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The question."""
        context = {
            "title": _("Delete File"),
            "file": queries.get_file(self.actor, name),
            "danger": True,
            "submit_label": _("Delete File"),
            "cancel_url": reverse("realname:files"),
        }
        return render(request, "realname/file_delete.html", context)

    def post(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Delete it."""
        services.delete(self.actor, name)
        messages.success(request, _("File deleted."))
        return redirect("realname:files")
