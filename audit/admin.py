"""The operator's page of operation records: read only, like the table itself."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from partner_center.admin import OPERATION, EstimatedPaginator, PortalModelAdmin, site

from .models import OperationRecord
from .permissions import VIEW_ALL_RECORDS


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
