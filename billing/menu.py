"""Menu entries of billing."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from partner_center.navigation import add_area, add_entry

from .permissions import VIEW_INVOICES

#: Resellers have no bills: their customers stand on their distributor's.
BILLED = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)

add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Invoices"),
    "billing:invoices",
    VIEW_INVOICES,
    order=220,
    group=_("Financial Information"),
    partner_kinds=BILLED,
    icon="file-text",
)
