"""Permissions of cloud resources."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

#: A partner sees those of its customers, a customer its own.
VIEW_RESOURCES = define(
    "resources.view_resources",
    _("View resources"),
    area=_("Sales"),
    entry=_("Customer Management"),
    kind=Kind.FINE,
    audiences=(Audience.PARTNER, Audience.CUSTOMER),
)
OPERATE_RESOURCES = define(
    "resources.operate_resources",
    _("View resources of all customers"),
    area=_("Operation"),
    entry=_("Orders"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)

grant(SystemRole.DIRECTOR, VIEW_RESOURCES)
grant(SystemRole.MANAGER, VIEW_RESOURCES)
