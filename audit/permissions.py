"""Permissions of the audit trail."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

VIEW_RECORDS = define(
    "audit.view_records",
    _("View operation records"),
    area=_("Partner Information"),
    entry=_("Operation Records"),
    kind=Kind.VIEW,
    audiences=tuple(Audience),
)
VIEW_TRACES = define(
    "audit.view_traces",
    _("View traces"),
    area=_("Management & Governance"),
    entry=_("Cloud Trace Service"),
    kind=Kind.VIEW,
    audiences=(Audience.CUSTOMER,),
)
MANAGE_TRACES = define(
    "audit.manage_traces",
    _("Enable and disable the Cloud Trace Service"),
    area=_("Management & Governance"),
    entry=_("Cloud Trace Service"),
    kind=Kind.MANAGE,
    audiences=(Audience.CUSTOMER,),
)
VIEW_ALL_RECORDS = define(
    "audit.view_all_records",
    _("View operation records of all accounts"),
    area=_("Operation"),
    entry=_("Records of All Accounts"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
