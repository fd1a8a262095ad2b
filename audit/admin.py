"""The operator's page of operation records: read only, like the table itself."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from exports.choices import FileFormat
from exports.services import create_export
from partner_center.actors import Actor
from partner_center.admin import OPERATION, EstimatedPaginator, PortalModelAdmin, site

from .models import OperationRecord
from .permissions import VIEW_ALL_RECORDS


class ExportForm(forms.Form):
    """Which records: all of them, or those of some days, or with some words."""

    q = forms.CharField(
        label=gettext_lazy("Operation, object or operator"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    at_min = forms.DateField(
        label=gettext_lazy("From (GMT+08:00)"),
        required=False,
        widget=UnfoldAdminTextInputWidget({"type": "date"}),
    )
    at_max = forms.DateField(
        label=gettext_lazy("To (GMT+08:00)"),
        required=False,
        widget=UnfoldAdminTextInputWidget({"type": "date"}),
    )
    file_format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=FileFormat,
        initial=FileFormat.CSV,
        widget=UnfoldAdminRadioSelectWidget,
    )

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("at_min"), given.get("at_max")
        if first and last and last < first:
            self.add_error("at_max", _("The end is before the beginning."))
        return given


def _export(actor: Actor, file_format: str, **asked: Any) -> None:
    query = urlencode({name: value for name, value in asked.items() if value})
    create_export(actor, "all_operation_records", {"query": query}, file_format)


@admin.register(OperationRecord, site=site)
class OperationRecordAdmin(PortalModelAdmin):
    """Who did what for whom, in all accounts."""

    view_permission = VIEW_ALL_RECORDS
    group = OPERATION
    icon = "history"
    paginator = EstimatedPaginator
    list_display = ("at", "action", "actor_name", "account", "door", "target_name", "code_verified")
    list_select_related = ("account",)
    list_filter = (("at", RangeDateTimeFilter), "door", "code_verified")
    search_fields = ("action", "actor_name", "target_name", "request_id", "account__name")
    ordering = ("-id",)
    fields = (
        "at",
        "action",
        "account",
        "actor_account",
        "actor_name",
        "door",
        "ip",
        "code_verified",
        "target_type",
        "target_id",
        "target_name",
        "values_before",
        "values_after",
        "request_id",
    )
    readonly_fields = ("values_before", "values_after")
    actions_list = ("export",)

    @action(description=gettext_lazy("Export"), permissions=["view"])
    def export(self, request: HttpRequest) -> HttpResponse:
        """Have a file of records made."""
        return self.ask(
            request,
            _export,
            title=_("Export"),
            consequence=_(
                "A file of the records of all accounts is made in the background. Download it under "
                "Export History when it is completed."
            ),
            back=reverse(self.list_route),
            form_class=ExportForm,
        )

    @display(description=gettext_lazy("Before"))
    def values_before(self, record: OperationRecord) -> SafeString | str:
        """The changed values as they were."""
        return _pretty(record.before)

    @display(description=gettext_lazy("After"))
    def values_after(self, record: OperationRecord) -> SafeString | str:
        """The changed values as they became."""
        return _pretty(record.after)


def _pretty(values: object) -> SafeString | str:
    if values is None:
        return "--"
    return format_html("<pre>{}</pre>", json.dumps(values, indent=2, ensure_ascii=False))
