"""Exports of the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter
from resources.permissions import VIEW_RESOURCES

from .permissions import EXPORT_CUSTOMERS, VIEW_DEVELOPMENT
from .views.invitations import HistoryView
from .views.management import CustomerListView, ResellerCustomerListView
from .views.preregistrations import PreRegistrationListView
from .views.records import AssociationRecordListView, ResellerRecordListView
from .views.resources import SavingsResourcesView, TermResourcesView, UsageResourcesView

for name, label, permission, view in (
    ("customers", _("Customers"), EXPORT_CUSTOMERS, CustomerListView),
    (
        "resellers_customers",
        _("Resellers’ Customers"),
        EXPORT_CUSTOMERS,
        ResellerCustomerListView,
    ),
    (
        "preregistrations",
        _("Preregistered customers"),
        VIEW_DEVELOPMENT,
        PreRegistrationListView,
    ),
    ("invitations", _("History Records"), VIEW_DEVELOPMENT, HistoryView),
    (
        "association_records",
        _("Association records"),
        EXPORT_CUSTOMERS,
        AssociationRecordListView,
    ),
    (
        "reseller_association_records",
        _("Association records of resellers’ customers"),
        EXPORT_CUSTOMERS,
        ResellerRecordListView,
    ),
    ("term_resources", _("Yearly/monthly resources"), VIEW_RESOURCES, TermResourcesView),
    ("usage_resources", _("Pay-per-use resources"), VIEW_RESOURCES, UsageResourcesView),
    ("savings_resources", _("Savings plans"), VIEW_RESOURCES, SavingsResourcesView),
):
    exporting.register(ListExporter(name, label, permission, view.definition()))
