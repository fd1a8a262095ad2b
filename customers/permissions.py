"""Permissions of customers and their associations."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

VIEW_CUSTOMERS = define(
    "customers.view_customers",
    _("View customers"),
    area=_("Sales"),
    entry=_("Customer Management"),
    kind=Kind.VIEW,
)
OPERATE_ASSOCIATIONS = define(
    "customers.operate_associations",
    _("Associate customers with partners and assign account managers"),
    area=_("Operation"),
    entry=_("Associations"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_PARTNER = define(
    "customers.view_partner",
    _("View my partner"),
    area=_("My Account"),
    entry=_("My Partner"),
    kind=Kind.VIEW,
    audiences=(Audience.CUSTOMER,),
    default=True,
)

grant(SystemRole.DIRECTOR, VIEW_CUSTOMERS)
grant(SystemRole.MANAGER, VIEW_CUSTOMERS)
