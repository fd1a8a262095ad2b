"""The operator's pages of promotional campaigns and of all invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partner_center import clock
from partner_center.actors import Actor
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, SeenForm, owner_column, site

from ..choices import InvitationStatus
from ..models import Campaign, Invitation
from ..permissions import OPERATE_CAMPAIGNS, VIEW_CAMPAIGNS
from ..queries.invitations import explained
from ..rules.invitations import state_of
from ..services import campaigns as services

STATUS_COLOURS = {
    InvitationStatus.INVITED.label: "info",
    InvitationStatus.ASSOCIATED.label: "success",
    InvitationStatus.FAILED.label: "danger",
    InvitationStatus.EXPIRED.label: "default",
    InvitationStatus.WITHDRAWN.label: "default",
}


class CampaignForm(SeenForm):
    """Name, what it is about, from when to when."""

    seen_fields = services.SEEN_FIELDS

    def clean(self) -> dict[str, Any]:
        """The dates in order, said at the field before the database says it in its own words."""
        given = super().clean() or self.cleaned_data
        start, end = given.get("starts_at"), given.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", services.ENDS_AFTER_START)
        return given


@admin.register(Campaign, site=site)
class CampaignAdmin(PortalModelAdmin):
    """Promotions: while one runs, partners get links for it (04-LNK-09)."""

    view_permission = VIEW_CAMPAIGNS
    manage_permission = OPERATE_CAMPAIGNS
    addable = True
    changeable = True
    group = ASSOCIATIONS
    icon = "campaign"
    form = CampaignForm
    list_display = ("name", "starts_at", "ends_at")
    search_fields = ("name", "description")
    ordering = ("-starts_at", "-id")
    fields = ("name", "description", "starts_at", "ends_at", "seen")
    actions_detail = ("end",)

    def has_running_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for campaigns that run now."""
        running = self.model._meta.default_manager.running(clock.now())
        return self.may_manage(request) and running.filter(pk=object_id).exists()

    def write(self, actor: Actor, form: Any, row: Any) -> Campaign:
        """Create or change."""
        given = dict(form.cleaned_data)
        seen = given.pop("seen", "")
        details = services.CampaignDetails(**given)
        if row is None:
            return services.create_campaign(actor, details)
        return services.change_campaign(actor, row.pk, details, seen=seen)

    @action(description=gettext_lazy("End Campaign"), permissions=["running"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it now."""
        return self.operate(
            request,
            object_id,
            services.end_campaign,
            title=_("End Campaign"),
            consequence=_("Its links open nothing any more. Customers who came through them stay."),
        )


@admin.register(Invitation, site=site)
class InvitationAdmin(PortalModelAdmin):
    """Who invited whom, and what became of it; read only."""

    view_permission = VIEW_CAMPAIGNS
    group = ASSOCIATIONS
    icon = "forward_to_inbox"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("customer_name", "partner", "method", "model", "invited_at", "shown_state")
    list_select_related = ("account",)
    list_filter = ("status", "method", "model")
    search_fields = ("customer_name", "email", "account__name", "customer__name", "custom_tag")
    ordering = ("-id",)
    fields = (
        "partner",
        "customer_name",
        "email",
        "method",
        "model",
        "custom_tag",
        "manager",
        "invited_by",
        "invited_at",
        "expires_at",
        "shown_state",
        "shown_causes",
        "customer",
        "finished_at",
    )
    readonly_fields = ("partner", "shown_state", "shown_causes")

    @display(description=gettext_lazy("Status"), ordering="status", label=dict(STATUS_COLOURS))
    def shown_state(self, row: Invitation) -> str:
        """The status as of now."""
        return str(state_of(row.status, row.expires_at, clock.now()).label)

    @admin.display(description=gettext_lazy("Failure causes"))
    def shown_causes(self, row: Invitation) -> str:
        """Why the association failed."""
        return " ".join(str(cause) for cause, _advice in explained(row.causes)) or "-"
