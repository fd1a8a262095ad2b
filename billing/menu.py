"""Menu entries of billing."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from partner_center.navigation import add_area, add_entry

from .permissions import VIEW_COUPONS, VIEW_TERMS

#: Resellers have no bills: their customers stand on their distributor's.
BILLED = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Contracts and Commerce"),
    "billing:discounts",
    VIEW_TERMS,
    order=230,
    group=_("Financial Information"),
    partner_kinds=BILLED,
    icon="discount",
)
add_entry(
    "sales",
    _("Coupons"),
    "billing:coupons",
    VIEW_COUPONS,
    order=240,
    group=_("Financial Information"),
    partner_kinds=BILLED,
    icon="ticket",
)
