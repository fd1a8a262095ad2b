"""Exports of the budgets app."""

from django.utils.translation import gettext_lazy as _

from customers.permissions import EXPORT_CUSTOMERS
from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .views.alerts import AlertListView
from .views.freeze_records import FreezeRecordListView, ResellerFreezeRecordListView
from .views.records import AdjustmentListView

exporting.register(
    ListExporter("budget_alerts", _("Budget Alerts"), EXPORT_CUSTOMERS, AlertListView.definition())
)

exporting.register(
    ListExporter(
        "budget_adjustments",
        _("Budget adjustment records"),
        EXPORT_CUSTOMERS,
        AdjustmentListView.definition(),
    )
)
exporting.register(
    ListExporter(
        "freeze_records",
        _("Freeze records"),
        EXPORT_CUSTOMERS,
        FreezeRecordListView.definition(),
    )
)
exporting.register(
    ListExporter(
        "resellers_freeze_records",
        _("Freeze records of resellers’ customers"),
        EXPORT_CUSTOMERS,
        ResellerFreezeRecordListView.definition(),
    )
)
