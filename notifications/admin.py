"""The operator's pages of messages: what accounts were told, and by which way."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from partner_center.admin import MESSAGES, EstimatedPaginator, PortalModelAdmin, site

from .models import Notice, NoticeDelivery
from .permissions import VIEW_ALL_NOTICES


@admin.register(Notice, site=site)
class NoticeAdmin(PortalModelAdmin):
    """Something an account was told; read only."""

    view_permission = VIEW_ALL_NOTICES
    group = MESSAGES
    icon = "mail"
    paginator = EstimatedPaginator
    list_display = ("created_at", "account", "type", "title")
    list_select_related = ("account",)
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("title", "type", "account__name")
    ordering = ("-id",)
    fields = ("created_at", "account", "type", "title", "body", "facts", "link", "key")


@admin.register(NoticeDelivery, site=site)
class NoticeDeliveryAdmin(PortalModelAdmin):
    """Whom a message reached by e-mail or SMS; read only."""

    view_permission = VIEW_ALL_NOTICES
    group = MESSAGES
    icon = "forward_to_inbox"
    paginator = EstimatedPaginator
    list_display = ("notice", "account", "name", "channel", "target", "state")
    list_select_related = ("notice", "account", "delivery")
    list_filter = ("channel", "delivery__state")
    search_fields = ("target", "name", "notice__title", "account__name")
    ordering = ("-id",)
    fields = ("notice", "account", "name", "channel", "target", "state")
    readonly_fields = ("state",)

    @display(description=gettext_lazy("State"))
    def state(self, row: NoticeDelivery) -> str:
        """The state of the e-mail or SMS."""
        return row.delivery.get_state_display()
