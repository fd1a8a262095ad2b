"""Sales > Customers > Customer Alerts: Handle Alerts, View Alerts, Process Task (04 §8.3.5)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.queries import management
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.views import PortalView, add_refusal

from . import queries
from .filters import HandleFilterSet, ViewFilterSet
from .forms import ProcessTaskForm
from .models import CustomerAlert
from .permissions import HANDLE_ALERTS, VIEW_ALERTS
from .services import handling
from .tables import HandleTable, ResellerViewTable, ViewTable

PARTNERS = frozenset({Audience.PARTNER})


class HandleAlertsView(PortalListView):
    """Tab Handle Alerts: what the actor handles, and what it has handled (04-ALH-01 to ALH-03)."""

    permission = VIEW_ALERTS
    audiences = PARTNERS
    title = gettext_lazy("Customer Alerts")
    list_name = "customer_alerts_to_handle"
    queryset = staticmethod(queries.list_mine)
    filterset_class = HandleFilterSet
    table_class = HandleTable
    basis = gettext_lazy("Customers who may be leaving; updated daily")
    template_name = "churn/list.html"
    tab: ClassVar[str] = "customer_alerts:handle"
    empty_title = gettext_lazy("No alerts for you to handle")
    empty_text = gettext_lazy(
        "When the resource usage of a customer that you look after falls, an alert stands here. "
        "Alerts of customers without an account manager are the administrator’s."
    )
    empty_icon = "alert-circle"

    def get_extra_context(self) -> dict[str, Any]:
        """The two tabs, and below View Alerts whose customers (06-DX-02)."""
        return {"sections": self._tabs(), "whose": self._whose()}

    def _tabs(self) -> list[dict[str, Any]]:
        handles = self.tab == "customer_alerts:handle"
        return [
            _item(_("Handle Alerts"), "customer_alerts:handle", current=handles),
            _item(_("View Alerts"), "customer_alerts:view", current=not handles),
        ]

    def _whose(self) -> list[dict[str, Any]]:
        if self.tab == "customer_alerts:handle" or not management.has_reseller_tab(self.actor):
            return []
        labels = {
            "customer_alerts:view": _("My Customers"),
            "customer_alerts:resellers": _("Resellers’ Customers"),
        }
        return [_item(label, name, current=name == self.tab) for name, label in labels.items()]


class ViewAlertsView(HandleAlertsView):
    """Tab View Alerts; for distributors its part My Customers (04-ALV-01 to ALV-03)."""

    list_name = "customer_alerts"
    queryset = staticmethod(queries.list_own)
    filterset_class = ViewFilterSet
    table_class = ViewTable
    tab = "customer_alerts:view"
    empty_title = gettext_lazy("No alerts yet")
    empty_text = gettext_lazy("When the resource usage of a customer falls, an alert stands here.")


class ResellerAlertsView(ViewAlertsView):
    """The distributor's part Resellers' Customers, read only (06-DAL-04, C-15)."""

    list_name = "resellers_customer_alerts"
    queryset = staticmethod(queries.list_of_resellers)
    table_class = ResellerViewTable
    tab = "customer_alerts:resellers"

    def _authorize(self) -> None:
        super()._authorize()
        if not management.has_reseller_tab(self.request.actor):
            raise NotFound


class ProcessTaskView(PortalView):
    """The dialog Process Task (04-ALH-04)."""

    permission = HANDLE_ALERTS
    audiences = PARTNERS

    def get(self, request: HttpRequest, alert_id: int) -> HttpResponse:
        """Ask what became of the customer."""
        alert = queries.get_alert(self.actor, alert_id)
        queries.refuse_unless_handler(self.actor, alert)
        return self._show(alert, ProcessTaskForm())

    def post(self, request: HttpRequest, alert_id: int) -> HttpResponseBase:
        """Handle the alert."""
        alert, form = queries.get_alert(self.actor, alert_id), ProcessTaskForm(request.POST)
        if not form.is_valid():
            queries.refuse_unless_handler(self.actor, alert)
            return self._show(alert, form, status=422)
        try:
            handling.process(self.actor, alert_id, answer=form.answer)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            add_refusal(form, refusal)
            return self._show(alert, form, status=422)
        name = alert.association.customer.name
        messages.success(request, _("The alert about %(name)s is handled.") % {"name": name})
        return redirect("customer_alerts:handle")

    def _show(
        self, alert: CustomerAlert, form: ProcessTaskForm, *, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": _("Process Task"),
            "alert": alert,
            "form": form,
            "cancel_url": reverse("customer_alerts:handle"),
        }
        return render(self.request, "churn/process.html", context, status=status)


def _item(label: str, name: str, *, current: bool) -> dict[str, Any]:
    return {"label": label, "url": reverse(name), "current": current}
