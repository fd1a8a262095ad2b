"""The operator's page of e-mails and SMS: how far they are, and failed ones again."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from partner_center.actors import Actor
from partner_center.admin import MESSAGES, EstimatedPaginator, PortalModelAdmin, site

from . import services
from .choices import DeliveryState
from .models import Delivery
from .permissions import OPERATE_DELIVERIES, VIEW_DELIVERIES

STATE_COLOURS = {
    DeliveryState.QUEUED.label: "info",
    DeliveryState.SENT.label: "success",
    DeliveryState.FAILED.label: "danger",
}


@admin.register(Delivery, site=site)
class DeliveryAdmin(PortalModelAdmin):
    """One e-mail or SMS to one address. The text is not shown: it may carry a code."""

    view_permission = VIEW_DELIVERIES
    manage_permission = OPERATE_DELIVERIES
    group = MESSAGES
    icon = "outgoing_mail"
    paginator = EstimatedPaginator
    list_display = (
        "queued_at",
        "channel",
        "target",
        "template",
        "shown_state",
        "tries",
        "sent_at",
        "last_error",
    )
    list_filter = ("state", "channel", ("queued_at", RangeDateTimeFilter))
    search_fields = ("target", "template", "subject")
    ordering = ("-id",)
    actions = ("send_again",)
    fields = (
        "channel",
        "target",
        "account",
        "template",
        "subject",
        "state",
        "tries",
        "last_error",
        "queued_at",
        "due_at",
        "sent_at",
        "uid",
    )

    @display(description=gettext_lazy("State"), ordering="state", label=dict(STATE_COLOURS))
    def shown_state(self, delivery: Delivery) -> str:
        """The state with its colour."""
        return delivery.get_state_display()

    @admin.action(description=gettext_lazy("Send failed ones again"), permissions=["manage"])
    def send_again(self, request: HttpRequest, rows: QuerySet) -> None:
        """Queue each ticked delivery once more."""
        self.each(request, rows, _retry)


def _retry(actor: Actor, delivery_id: int) -> None:
    services.retry(actor, delivery_id=delivery_id)
