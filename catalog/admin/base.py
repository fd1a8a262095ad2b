"""What the pages of the catalogue share: services write rows, tables come and go as files."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from exports.choices import FileFormat
from exports.services import create_export
from partner_center.actors import Actor
from partner_center.admin import CATALOGUE, PortalModelAdmin, SeenForm
from partner_center.refusals import Refusal
from partner_center.uploads import TABLE, CheckedFileField
from partner_center.views import add_refusal

from ..permissions import OPERATE_CATALOGUE, VIEW_CATALOGUE
from ..services import importing, maintaining


class RowForm(SeenForm):
    """A row of the catalogue. Whether it may be written so is the service's to say, in its words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = _left_to_the_service

    def validate_unique(self) -> None:
        """The service says it."""


def _left_to_the_service(exclude: Any = None) -> None:
    """Constraints have names, not sentences."""


class RowAdmin(PortalModelAdmin):
    """A table of the catalogue; codes are given once."""

    view_permission = VIEW_CATALOGUE
    manage_permission = OPERATE_CATALOGUE
    group = CATALOGUE
    addable = True
    changeable = True
    form = RowForm
    #: What identifies a row and is never changed.
    key: ClassVar[tuple[str, ...]] = ("code",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, which notices changes of others in all the fields that the service writes."""
        found = super().get_form(request, obj, change=change, **kwargs)
        found.seen_fields = maintaining.fields_of(self.model)  # type: ignore[attr-defined]
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The key, once it is there."""
        return (*self.readonly_fields, *(self.key if obj else ()))

    def write(self, actor: Actor, form: Any, row: Any) -> Any:
        """Add or change the row."""
        given = dict(form.cleaned_data)
        seen = given.pop("seen", "")
        if row is None:
            return maintaining.add_row(actor, self.model, values=given)
        return maintaining.change_row(actor, self.model, row.pk, values=given, seen=seen)


class TableForm(forms.Form):
    """A table as a file."""

    file = CheckedFileField(
        label=gettext_lazy("CSV file"), rules=TABLE, widget=UnfoldAdminFileFieldWidget
    )


class FileAdmin(PortalModelAdmin):
    """A table that can be loaded from a file, and exported as the same kind of file."""

    #: Name of the table in ``services.importing`` and of its exporter.
    sheet: ClassVar[str]
    actions_list = ("import_file", "export_file")

    @action(description=gettext_lazy("Import"), permissions=["manage"])
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Load a CSV file; good lines go in, the others are named with their reasons."""
        sent = request.method == "POST"
        form = TableForm(request.POST, request.FILES) if sent else TableForm()
        report = None
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            try:
                report = importing.import_file(request.actor, self.sheet, content)  # type: ignore[attr-defined]
            except Refusal as refusal:
                add_refusal(form, refusal)
        context = self.admin_site.each_context(request) | {
            "title": _("Import"),
            "form": form,
            "report": report,
            "columns": importing.columns_of(self.sheet),
            "opts": self.opts,
            "back": reverse(self.list_route),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "catalog/admin/import.html", context, status=status)

    @action(description=gettext_lazy("Export"), permissions=["view"])
    def export_file(self, request: HttpRequest) -> HttpResponse:
        """Put the whole table into a file that can be imported again."""
        return self.ask(
            request,
            self._export,
            title=_("Export"),
            consequence=_(
                "All rows go into a CSV file, which you find in your Export History. The same file, "
                "edited, can be imported."
            ),
            back=reverse(self.list_route),
        )

    def _export(self, actor: Actor) -> None:
        create_export(actor, f"catalog_{self.sheet}", {}, FileFormat.CSV)
