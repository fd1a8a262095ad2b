"""Permissions of metering."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

_METERING = _("Metering")

#: The operator's metering sends records with an access key.
FEED_USAGE = define(
    "metering.feed_usage",
    _("Send usage records"),
    area=_METERING,
    entry=_METERING,
    kind=Kind.FINE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_USAGE = define(
    "metering.operate_usage",
    _("Take in usage files, map sub-accounts and look into charges"),
    area=_METERING,
    entry=_METERING,
    kind=Kind.FINE,
    audiences=(Audience.OPERATOR,),
)
VIEW_EXPENDITURE = define(
    "metering.view_expenditure",
    _("View and export customer expenditure"),
    area=_("Sales"),
    entry=_("Customer Expenditure"),
    kind=Kind.VIEW,
)
#: A partner can take it from its customers of the Reseller model (08-BUY-10).
VIEW_OWN_BILLS = define(
    "metering.view_own_bills",
    _("View bills and resource packages"),
    area=_("Billing Center"),
    entry=_("Bills"),
    kind=Kind.VIEW,
    audiences=(Audience.CUSTOMER,),
)

grant(SystemRole.FINANCE, VIEW_EXPENDITURE)
grant(SystemRole.DIRECTOR, VIEW_EXPENDITURE)
grant(SystemRole.MANAGER, VIEW_EXPENDITURE)
