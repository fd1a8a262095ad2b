"""What can be exported from the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import EXPORT_CUSTOMERS
from .views.management import CustomerListView, ResellerCustomerListView

exporting.register(
    ListExporter("customers", _("Customers"), EXPORT_CUSTOMERS, CustomerListView.definition())
)
exporting.register(
    ListExporter(
        "resellers_customers",
        _("Resellers’ Customers"),
        EXPORT_CUSTOMERS,
        ResellerCustomerListView.definition(),
    )
)
