"""Menu entries of the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import VIEW_ASSIGNMENTS, VIEW_PARTNER

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Customer Assignment"),
    "assignment:list",
    VIEW_ASSIGNMENTS,
    order=40,
    group=_("Customers"),
    icon="user-check",
)
add_area("my-account", _("My Account"), order=60, icon="user-circle")
add_entry(
    "my-account",
    _("My Partner"),
    "my_partner:page",
    VIEW_PARTNER,
    order=10,
    audiences=(Audience.CUSTOMER,),
    icon="users-group",
)
add_area("billing-center", _("Billing Center"), order=30, icon="receipt")
add_entry(
    "billing-center",
    _("Commercial Discounts"),
    "discounts:mine",
    VIEW_PARTNER,
    order=40,
    group=_("Coupons and Discounts"),
    audiences=(Audience.CUSTOMER,),
    icon="rosette-discount-check",
)
