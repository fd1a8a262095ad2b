"""Sales > Customers > Budget Alerts: what was told, to whom, and how far it got."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.permissions import EXPORT_CUSTOMERS, VIEW_CUSTOMERS
from notifications.permissions import MANAGE_SETTINGS
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..choices import AlertKind
from ..filters import AlertFilterSet
from ..forms.alerts import AlertSettingsForm
from ..permissions import VIEW_ALERTS
from ..queries import alert_settings
from ..queries import alerts as queries
from ..rules import usage
from ..services import alert_settings as services
from ..tables import AlertTable, alert_words

PARTNERS = frozenset({Audience.PARTNER})


class AlertListView(PortalListView):
    """The ledger of alerts."""

    permission = VIEW_ALERTS
    audiences = PARTNERS
    title = gettext_lazy("Budget Alerts")
    basis = gettext_lazy(
        "What you were told about budgets, and whom it reached. Nothing is deleted."
    )
    list_name = "budget_alerts"
    queryset = staticmethod(queries.list_alerts)
    filterset_class = AlertFilterSet
    table_class = AlertTable
    saved_views = (
        SavedView("all", gettext_lazy("All")),
        SavedView(
            "exhausted",
            gettext_lazy("Used up"),
            Q(threshold=usage.EXHAUSTED) | Q(kind=AlertKind.FROZEN_AGAIN),
        ),
        SavedView("forecasts", gettext_lazy("Forecasts"), Q(kind=AlertKind.FORECAST)),
    )
    export_name = "budget_alerts"
    export_permission = EXPORT_CUSTOMERS
    template_name = "budgets/alerts/list.html"
    empty_title = gettext_lazy("No alerts yet")
    empty_text = gettext_lazy(
        "Alerts stand here as soon as a customer reaches 75%, 90% or 100% of its budget, or will use "
        "it up before its period ends."
    )
    empty_icon = "bell"

    def get_extra_context(self) -> dict[str, Any]:
        """Whether the settings are offered."""
        return {"may_set": self.actor.can(MANAGE_SETTINGS)}


class AlertView(PortalView):
    """One alert: what it said, and every recipient."""

    permission = VIEW_ALERTS
    audiences = PARTNERS

    def get(self, request: HttpRequest, alert_id: int) -> HttpResponse:
        """Show it."""
        alert = queries.get_alert(self.actor, alert_id)
        title = alert_words(alert)
        context = {
            "title": title,
            "alert": alert,
            "percent": usage.percent(alert.used, alert.amount),
            "told": queries.told_of(self.actor, alert),
            "may_set": self.actor.can(MANAGE_SETTINGS),
            "may_open": self.actor.can(VIEW_CUSTOMERS),
            "crumbs": [(title, "")],
        }
        return render(request, "budgets/alerts/alert.html", context)


class AlertSettingsView(PortalView):
    """The dialog Alert Settings: forecasts on or off for the whole account."""

    permission = MANAGE_SETTINGS
    audiences = PARTNERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The dialog, as it stands."""
        on = alert_settings.wants_forecasts(self.actor.account_id)
        context = {
            "title": _("Alert Settings"),
            "form": AlertSettingsForm(initial={"forecasts": on}),
            "submit_label": _("Save"),
            "cancel_url": reverse("budgets:alerts"),
        }
        return render(request, "portal/dialog.html", context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save. A box is ticked or not: there is no wrong input."""
        on = "forecasts" in request.POST
        services.set_forecasts(self.actor, on=on)
        messages.success(
            request,
            _("You will be told of budgets that will be used up.")
            if on
            else _("You will no longer be told of forecasts."),
        )
        return redirect("budgets:alerts")
