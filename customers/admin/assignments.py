"""The operator's view of batches of assignments."""

from __future__ import annotations

from django.contrib import admin

from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, site

from ..models import AssignmentBatch
from ..permissions import OPERATE_ASSOCIATIONS


@admin.register(AssignmentBatch, site=site)
class AssignmentBatchAdmin(PortalModelAdmin):
    """Batches of all partners, and how far they are."""

    view_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "checklist"
    list_display = (
        "created_at",
        "account",
        "kind",
        "source",
        "manager",
        "status",
        "total",
        "done",
        "refused",
    )
    list_select_related = ("account", "source", "manager")
    list_filter = ("kind", "status")
    search_fields = ("account__name",)
    ordering = ("-id",)
