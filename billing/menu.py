"""Menu entries of billing: Sales > Financial Information (05-CNV-01), which resellers have not, and
Top-Up in the customer's Billing Center (08-CST-01)."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import TOP_UP, VIEW_BILLS, VIEW_COUPONS, VIEW_FUNDS, VIEW_INVOICES, VIEW_TERMS
from .queries import reach

FINANCIAL = _("Financial Information")

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Partner Bills"),
    "billing:bills",
    VIEW_BILLS,
    order=100,
    group=FINANCIAL,
    partner_kinds=reach.SETTLES,
    icon="receipt",
)
add_entry(
    "sales",
    _("Funds"),
    "billing:statements",
    VIEW_FUNDS,
    order=210,
    group=FINANCIAL,
    partner_kinds=reach.SETTLES,
    icon="coin",
)
add_entry(
    "sales",
    _("Invoices"),
    "billing:invoices",
    VIEW_INVOICES,
    order=220,
    group=FINANCIAL,
    partner_kinds=reach.SETTLES,
    icon="file-text",
)
add_entry(
    "sales",
    _("Contracts and Commerce"),
    "billing:discounts",
    VIEW_TERMS,
    order=230,
    group=FINANCIAL,
    partner_kinds=reach.SETTLES,
    icon="discount",
)
add_entry(
    "sales",
    _("Coupons"),
    "billing:coupons",
    VIEW_COUPONS,
    order=240,
    group=FINANCIAL,
    partner_kinds=reach.SETTLES,
    icon="ticket",
)
add_area("billing-center", _("Billing Center"), order=30, icon="receipt")
add_entry(
    "billing-center",
    _("Top-Up"),
    "top_up:repay",
    TOP_UP,
    order=5,
    group=_("Billing"),
    audiences=(Audience.CUSTOMER,),
    icon="coin",
)
