"""The operator's pages of Customer Alerts: read only."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from partner_center.admin import ASSOCIATIONS, OPERATION, PortalModelAdmin, owner_column, site

from .models import CustomerAlert, Evaluation
from .permissions import INSPECT_ALERTS


@admin.register(CustomerAlert, site=site)
class CustomerAlertAdmin(PortalModelAdmin):
    """Alerts of all partners, with what became of them; also those of associations that ended."""

    view_permission = INSPECT_ALERTS
    group = ASSOCIATIONS
    icon = "trending_down"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("raised_at", "partner", "customer", "scenario", "status", "lost", "handled_at")
    list_select_related = ("account", "association__customer")
    list_filter = ("status", "lost")
    search_fields = ("account__name", "association__customer__name")
    ordering = ("-id",)
    fields = (
        *("customer", "account", "scenario", "type", "title", "day", "details", "raised_at"),
        *("status", "handled_by_name", "handled_at", "lost", "given_answer", "text"),
    )
    readonly_fields = ("customer", "title", "given_answer")

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, alert: CustomerAlert) -> str:
        """The customer's account name."""
        return alert.association.customer.name

    @admin.display(description=gettext_lazy("Answer"))
    def given_answer(self, alert: CustomerAlert) -> str:
        """The reason or the feedback, in words."""
        return str(alert.answer_label)


@admin.register(Evaluation, site=site)
class EvaluationAdmin(PortalModelAdmin):
    """Daily evaluations: how far they came and what they raised."""

    view_permission = INSPECT_ALERTS
    group = OPERATION
    icon = "event_repeat"
    list_display = ("day", "started_at", "finished_at", "told_at", "raised")
    ordering = ("-day",)
    fields = ("day", "started_at", "through", "raised", "finished_at", "told_at")
