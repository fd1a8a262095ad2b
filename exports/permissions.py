"""Permissions of exports. What may be exported is asked with the permission of each exporter."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

_EVERYBODY = (Audience.PARTNER, Audience.CUSTOMER, Audience.OPERATOR)

VIEW_EXPORTS = define(
    "exports.view_exports",
    _("View and download own exports"),
    area=_("Partner Information"),
    entry=_("Export History"),
    kind=Kind.VIEW,
    audiences=_EVERYBODY,
    default=True,
)
VIEW_ALL_EXPORTS = define(
    "exports.view_all_exports",
    _("View and download exports of all members"),
    area=_("Partner Information"),
    entry=_("Export History"),
    kind=Kind.FINE,
    audiences=_EVERYBODY,
    admin_only=True,
)
VIEW_EXPORTS_OF_ALL = define(
    "exports.view_exports_of_all",
    _("View exports of all accounts"),
    area=_("Operation"),
    entry=_("Exports of All Accounts"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_EXPORTS = define(
    "exports.operate_exports",
    _("Stop exports of all accounts"),
    area=_("Operation"),
    entry=_("Exports of All Accounts"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
