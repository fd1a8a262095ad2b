"""Menu entries of the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import VIEW_CUSTOMERS, VIEW_DEVELOPMENT, VIEW_PARTNER

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Customer Management"),
    "customers:list",
    VIEW_CUSTOMERS,
    order=30,
    group=_("Customers"),
    icon="users",
)
add_area("my-account", _("My Account"), order=60, icon="user-circle")
add_entry(
    "sales",
    _("Customer Development"),
    "preregistrations:list",
    VIEW_DEVELOPMENT,
    group=_("Leads and Opportunities"),
    order=10,
    icon="user-plus",
)
add_entry(
    "my-account",
    _("My Partner"),
    "my_partner:page",
    VIEW_PARTNER,
    order=10,
    audiences=(Audience.CUSTOMER,),
    icon="users-group",
)
