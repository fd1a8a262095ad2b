"""Permissions of budgets and freezing."""

from django.utils.translation import gettext_lazy as _

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
VIEW_BUDGETS = define(
    "budgets.view_budgets",
    _("Look at budgets of customers and their adjustment records"),
    area=_("Operation"),
    entry=_("Budgets"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
