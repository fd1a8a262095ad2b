"""Exports of the orders app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import VIEW_ORDERS
from .views.customer_orders import CustomerOrderListView, ResellerOrderListView

for name, label, view in (
    ("customer_orders", _("Customer Orders"), CustomerOrderListView),
    ("resellers_customer_orders", _("Orders of resellers’ customers"), ResellerOrderListView),
):
    exporting.register(ListExporter(name, label, VIEW_ORDERS, view.definition()))
