"""Exports of the budgets app."""

from django.utils.translation import gettext_lazy as _

from customers.permissions import EXPORT_CUSTOMERS
from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .views.alerts import AlertListView

exporting.register(
    ListExporter("budget_alerts", _("Budget Alerts"), EXPORT_CUSTOMERS, AlertListView.definition())
)
