"""Permissions of Customer Alerts."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from customers.permissions import VIEW_CUSTOMERS
from partner_center.permissions import Audience, Kind, define

_SALES = _("Sales")
_ALERTS = _("Customer Alerts")

#: 04-ALV-03: whoever may see customers sees their alerts, too.
VIEW_ALERTS = define(
    "churn.view_alerts",
    _("View customer alerts"),
    area=_SALES,
    entry=_ALERTS,
    kind=Kind.VIEW,
    comes_with=VIEW_CUSTOMERS,
)
#: Each alert has one person who handles it (04-ALH-01); this lets somebody be that person.
HANDLE_ALERTS = define(
    "churn.handle_alerts",
    _("Handle customer alerts"),
    area=_SALES,
    entry=_ALERTS,
    kind=Kind.MANAGE,
)
INSPECT_ALERTS = define(
    "churn.inspect_alerts",
    _("View customer alerts of all partners"),
    area=_("Operation"),
    entry=_ALERTS,
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)

grant(SystemRole.DIRECTOR, VIEW_ALERTS, HANDLE_ALERTS)
grant(SystemRole.MANAGER, VIEW_ALERTS, HANDLE_ALERTS)
