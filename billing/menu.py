"""Menu entries of billing: Sales > Financial Information (05-CNV-01); resellers have none."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from partner_center.navigation import add_area, add_entry

from .permissions import VIEW_BILLS, VIEW_FUNDS, VIEW_INVOICES

FINANCIAL = _("Financial Information")
SETTLES = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Partner Bills"),
    "billing:bills",
    VIEW_BILLS,
    order=100,
    group=FINANCIAL,
    partner_kinds=SETTLES,
    icon="receipt",
)
add_entry(
    "sales",
    _("Funds"),
    "billing:statements",
    VIEW_FUNDS,
    order=210,
    group=FINANCIAL,
    partner_kinds=SETTLES,
    icon="coin",
)
add_entry(
    "sales",
    _("Invoices"),
    "billing:invoices",
    VIEW_INVOICES,
    order=220,
    group=FINANCIAL,
    partner_kinds=SETTLES,
    icon="file-text",
)
