"""Menu entries of the budgets app."""

from django.utils.translation import gettext_lazy as _

from customers.permissions import VIEW_CUSTOMERS
from partner_center.navigation import add_entry

add_entry(
    "sales",
    _("Budget Alerts"),
    "budgets:alerts",
    VIEW_CUSTOMERS,
    order=80,
    group=_("Customers"),
    icon="bell",
)
