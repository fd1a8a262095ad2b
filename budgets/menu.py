"""Menu entries of the budgets app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_entry

from .permissions import VIEW_ALERTS

add_entry(
    "sales",
    _("Budget Alerts"),
    "budgets:alerts",
    VIEW_ALERTS,
    order=80,
    group=_("Customers"),
    icon="bell",
)
