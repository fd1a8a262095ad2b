"""Permissions of budgets and freezing."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

#: 04 "Who may act": Admin by default; a custom role can be given it.
FREEZE_CUSTOMERS = define(
    "budgets.freeze_customers",
    _("Freeze and unfreeze customers"),
    area=_("Sales"),
    entry=_("Customer Management"),
    kind=Kind.FINE,
)
OPERATE_HOLDS = define(
    "budgets.operate_holds",
    _("Freeze customers by the operator’s own hold"),
    area=_("Operation"),
    entry=_("Freeze holds"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
#: 04 "Who may act": Admin by default; a custom role can be given it.
SET_BUDGETS = define(
    "budgets.set_budgets",
    _("Set customer budgets"),
    area=_("Sales"),
    entry=_("Customer Management"),
    kind=Kind.FINE,
)
#: 01-QTA-05: only the operator changes what a partner may owe.
OPERATE_QUOTAS = define(
    "budgets.operate_quotas",
    _("Set consumption quotas of partners"),
    area=_("Operation"),
    entry=_("Consumption quotas"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
#: 04 "Who may act", view budget usage: every partner role, account managers of their own customers.
VIEW_ALERTS = define(
    "budgets.view_alerts",
    _("View budget alerts"),
    area=_("Sales"),
    entry=_("Budget Alerts"),
    kind=Kind.VIEW,
)
VIEW_ALL_ALERTS = define(
    "budgets.view_all_alerts",
    _("View budget alerts of all partners"),
    area=_("Operation"),
    entry=_("Budget alerts"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)

for role in (SystemRole.FINANCE, SystemRole.DIRECTOR, SystemRole.MANAGER):
    grant(role, VIEW_ALERTS)
