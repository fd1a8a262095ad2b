"""Permissions of orders, price adjustments and work on customers' behalf."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

_SALES = _("Sales")
_ORDERS = _("Customer Orders")

VIEW_ORDERS = define(
    "orders.view_orders",
    _("View and export customers’ orders"),
    area=_SALES,
    entry=_ORDERS,
    kind=Kind.VIEW,
)
#: Besides, the operator must have granted the partner to set discounts (04-PRC-01).
ADJUST_PRICES = define(
    "orders.adjust_prices",
    _("Adjust the prices of customers’ orders"),
    area=_SALES,
    entry=_ORDERS,
    kind=Kind.FINE,
)
ACT_ON_BEHALF = define(
    "orders.act_on_behalf",
    _("Place orders and perform O&M on customers’ behalf"),
    area=_SALES,
    entry=_("Customer Management"),
    kind=Kind.FINE,
)

grant(SystemRole.DIRECTOR, VIEW_ORDERS, ACT_ON_BEHALF)
grant(SystemRole.MANAGER, VIEW_ORDERS, ACT_ON_BEHALF)
grant(SystemRole.FINANCE, VIEW_ORDERS)

_CONSOLE = _("Console")

#: A customer, or its partner on its behalf: whatever is ordered or paid (08 §10.5).
BUY = define(
    "orders.buy",
    _("Buy, renew, change and unsubscribe from cloud services"),
    area=_CONSOLE,
    entry=_("All Products"),
    kind=Kind.MANAGE,
    audiences=(Audience.CUSTOMER,),
)
OPERATE_RESOURCES = define(
    "orders.operate_resources",
    _("Start, stop, rename and delete resources"),
    area=_CONSOLE,
    entry=_("My Resources"),
    kind=Kind.MANAGE,
    audiences=(Audience.CUSTOMER,),
)
OPERATE_ORDERS = define(
    "orders.operate_orders",
    _("View orders and sessions of all customers"),
    area=_("Operation"),
    entry=_("Orders"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
HANDLE_EXCEPTIONS = define(
    "orders.handle_exceptions",
    _("Unsubscribe because of an order exception"),
    area=_("Operation"),
    entry=_("Orders"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
