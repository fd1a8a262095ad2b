"""Menu entries of the resellers app."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from partner_center.navigation import add_area, add_entry

from .permissions import VIEW_DISTRIBUTOR, VIEW_RESELLERS

add_area("overview", _("Overview"), order=10, icon="building")
add_entry(
    "overview",
    _("My HUAWEI CLOUD Distributor"),
    "resellers:distributor",
    VIEW_DISTRIBUTOR,
    order=10,
    partner_kinds=(PartnerKind.RESELLER,),
    icon="building",
)
add_area("sales", _("Sales"), order=20, icon="users-group")
add_entry(
    "sales",
    _("Reseller Management"),
    "resellers:list",
    VIEW_RESELLERS,
    order=20,
    group=_("Resellers"),
    partner_kinds=(PartnerKind.DISTRIBUTOR,),
    icon="building-community",
)
