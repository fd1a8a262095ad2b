"""Permissions of distributors and their resellers."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

_SALES = _("Sales")
_MANAGEMENT = _("Reseller Management")

VIEW_RESELLERS = define(
    "resellers.view_resellers",
    _("View resellers and their invitations"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.VIEW,
)
MANAGE_RESELLERS = define(
    "resellers.manage_resellers",
    _("Invite resellers"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.MANAGE,
)
GRANT_PERMISSIONS = define(
    "resellers.grant_permissions",
    _("Grant resellers budgets, freezing and on-behalf work"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.FINE,
)
#: A reseller's own page of its distributor.
VIEW_DISTRIBUTOR = define(
    "resellers.view_distributor",
    _("View my distributor"),
    area=_("Overview"),
    entry=_("My HUAWEI CLOUD Distributor"),
    kind=Kind.VIEW,
    default=True,
)
#: Accepting makes the whole account a reseller: the administrator's alone.
BECOME_RESELLER = define(
    "resellers.become_reseller",
    _("Become a reseller of a distributor"),
    area=_("Overview"),
    entry=_("My HUAWEI CLOUD Distributor"),
    kind=Kind.FINE,
    audiences=(Audience.PARTNER, Audience.CUSTOMER),
    admin_only=True,
)
OPERATE_RESELLERS = define(
    "resellers.operate_resellers",
    _("Associate resellers with distributors"),
    area=_("Operation"),
    entry=_("Associations"),
    kind=Kind.FINE,
    audiences=(Audience.OPERATOR,),
)
