"""Menu entries of Customer Alerts."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry

from .permissions import VIEW_ALERTS

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Customer Alerts"),
    "customer_alerts:handle",
    VIEW_ALERTS,
    order=70,
    group=_("Customers"),
    icon="alert-circle",
)
