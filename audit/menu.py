"""Menu entries of the audit trail."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import VIEW_RECORDS, VIEW_TRACES

add_area("account", _("Partner Information"), order=900, in_top_bar=False)
add_entry(
    "account",
    _("Operation Records"),
    "audit:records",
    VIEW_RECORDS,
    order=50,
    audiences=Audience,
    icon="history",
)
add_area("governance", _("Management & Governance"), order=600, icon="activity")
add_entry(
    "governance",
    _("Cloud Trace Service"),
    "audit:traces",
    VIEW_TRACES,
    audiences=(Audience.CUSTOMER,),
    icon="activity",
)
