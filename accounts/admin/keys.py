"""Access keys of all accounts: the key ID, never the secret."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from partner_center.admin import ACCOUNTS, PortalModelAdmin, site

from ..choices import AccessKeyStatus
from ..models import AccessKey
from ..permissions import OPERATE_KEYS, VIEW_ALL_KEYS
from ..services import operating

STATUS_COLOURS = {
    AccessKeyStatus.ENABLED.label: "success",
    AccessKeyStatus.DISABLED.label: "warning",
    AccessKeyStatus.BLOCKED.label: "danger",
    AccessKeyStatus.DELETED.label: "default",
}


@admin.register(AccessKey, site=site)
class AccessKeyAdmin(PortalModelAdmin):
    """Keys can be blocked and released here; their accounts create, enable and delete them."""

    view_permission = VIEW_ALL_KEYS
    manage_permission = OPERATE_KEYS
    group = ACCOUNTS
    icon = "key"
    list_display = ("ak", "user", "account", "shown_status", "created_at", "last_used_at")
    list_select_related = ("user", "account")
    list_filter = ("status",)
    search_fields = ("ak", "description", "user__username", "account__name")
    ordering = ("-id",)
    actions = ("block", "release")
    fields = (
        "ak",
        "user",
        "account",
        "description",
        "status",
        "created_at",
        "last_used_at",
        "failures_in_row",
        "locked_until",
    )

    @display(description=gettext_lazy("Status"), ordering="status", label=dict(STATUS_COLOURS))
    def shown_status(self, key: AccessKey) -> str:
        """The status with its colour."""
        return key.get_status_display()

    @admin.action(description=gettext_lazy("Block"), permissions=["manage"])
    def block(self, request: HttpRequest, rows: QuerySet) -> None:
        """Block each ticked key."""
        self.each(request, rows, operating.block_access_key)

    @admin.action(description=gettext_lazy("End the block"), permissions=["manage"])
    def release(self, request: HttpRequest, rows: QuerySet) -> None:
        """End the block of each ticked key."""
        self.each(request, rows, operating.release_access_key)
