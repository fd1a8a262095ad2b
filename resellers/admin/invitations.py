"""Invitations of resellers, as the operator sees them."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, owner_column, site

from ..causes import explain
from ..models import ResellerInvitation
from ..permissions import OPERATE_RESELLERS


@admin.register(ResellerInvitation, site=site)
class ResellerInvitationAdmin(PortalModelAdmin):
    """Who invited whom, and what became of it; read only."""

    view_permission = OPERATE_RESELLERS
    group = ASSOCIATIONS
    icon = "forward_to_inbox"
    distributor = owner_column(gettext_lazy("Distributor"))
    list_display = ("email", "distributor", "status", "reseller", "invited_at", "expires_at")
    list_select_related = ("account", "reseller")
    list_filter = ("status",)
    search_fields = ("email", "account__name", "reseller__name")
    ordering = ("-id",)
    fields = (
        "email",
        "distributor",
        "status",
        "reseller",
        "causes_in_words",
        "invited_by",
        "invited_at",
        "sent_at",
        "expires_at",
        "answered_at",
        "requested_at",
        "decided_at",
    )
    readonly_fields = ("distributor", "causes_in_words")

    @admin.display(description=gettext_lazy("Causes"))
    def causes_in_words(self, invitation: ResellerInvitation) -> str:
        """Why the association is restricted."""
        return " ".join(entry.cause for entry in explain(invitation.causes)) or "--"
