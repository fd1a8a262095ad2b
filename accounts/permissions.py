"""Permissions of accounts: organization, partner information, access keys."""

from django.utils.translation import gettext_lazy as _

from partner_center.permissions import Audience, Kind, define

from .choices import SystemRole
from .roles import grant

_EVERYBODY = (Audience.PARTNER, Audience.CUSTOMER, Audience.OPERATOR)
_ORGANIZATION = _("Organization")
_INFORMATION = _("Partner Information")
_MEMBERS = _("Member Management")
_OPERATION = _("Operation")

VIEW_HOME = define(
    "accounts.view_home",
    _("Home"),
    area=_("Home"),
    entry=_("Home"),
    kind=Kind.VIEW,
    audiences=_EVERYBODY,
    default=True,
)
OWN_PROFILE = define(
    "accounts.own_profile",
    _("Own profile"),
    area=_INFORMATION,
    entry=_("Own profile"),
    kind=Kind.MANAGE,
    audiences=_EVERYBODY,
    default=True,
)
VIEW_INFORMATION = define(
    "accounts.view_information",
    _("View partner information"),
    area=_INFORMATION,
    entry=_("Basic Information"),
    kind=Kind.VIEW,
    audiences=_EVERYBODY,
)
MANAGE_INFORMATION = define(
    "accounts.manage_information",
    _("Manage partner information"),
    area=_INFORMATION,
    entry=_("Basic Information"),
    kind=Kind.MANAGE,
    audiences=_EVERYBODY,
)
MANAGE_PREFERENCES = define(
    "accounts.manage_preferences",
    _("Set language, time zone and payment currency"),
    area=_INFORMATION,
    entry=_("Basic Information"),
    kind=Kind.FINE,
    audiences=_EVERYBODY,
)
MANAGE_CUSTOMER_RULES = define(
    "accounts.manage_customer_rules",
    _("Set customer notification and bill rules"),
    area=_INFORMATION,
    entry=_("Basic Information"),
    kind=Kind.FINE,
)
VIEW_MEMBERS = define(
    "accounts.view_members",
    _("View members and roles"),
    area=_ORGANIZATION,
    entry=_MEMBERS,
    kind=Kind.VIEW,
    audiences=_EVERYBODY,
)
MANAGE_MEMBERS = define(
    "accounts.manage_members",
    _("Create, modify, lock and delete members"),
    area=_ORGANIZATION,
    entry=_MEMBERS,
    kind=Kind.MANAGE,
    audiences=_EVERYBODY,
)
MANAGE_ROLES = define(
    "accounts.manage_roles",
    _("Create, modify and delete roles"),
    area=_ORGANIZATION,
    entry=_MEMBERS,
    kind=Kind.FINE,
    audiences=_EVERYBODY,
)
EXPORT_MEMBERS = define(
    "accounts.export_members",
    _("Export members"),
    area=_ORGANIZATION,
    entry=_MEMBERS,
    kind=Kind.FINE,
    audiences=_EVERYBODY,
)
MANAGE_CONTACTS = define(
    "accounts.manage_contacts",
    _("Manage customer contacts"),
    area=_ORGANIZATION,
    entry=_MEMBERS,
    kind=Kind.FINE,
)
VIEW_ACCESS_KEYS = define(
    "accounts.view_access_keys",
    _("View access keys"),
    area=_ORGANIZATION,
    entry=_("Access Keys"),
    kind=Kind.VIEW,
    audiences=_EVERYBODY,
)
MANAGE_ACCESS_KEYS = define(
    "accounts.manage_access_keys",
    _("Create, disable and delete access keys"),
    area=_ORGANIZATION,
    entry=_("Access Keys"),
    kind=Kind.MANAGE,
    audiences=_EVERYBODY,
)
VIEW_ALL_ACCOUNTS = define(
    "accounts.view_all_accounts",
    _("View accounts"),
    area=_OPERATION,
    entry=_("Accounts"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_ACCOUNTS = define(
    "accounts.operate_accounts",
    _("Manage accounts and partner kinds"),
    area=_OPERATION,
    entry=_("Accounts"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_ALL_USERS = define(
    "accounts.view_all_users",
    _("View users and roles of all accounts"),
    area=_OPERATION,
    entry=_("Users"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_USERS = define(
    "accounts.operate_users",
    _("Manage users of all accounts"),
    area=_OPERATION,
    entry=_("Users"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_ALL_KEYS = define(
    "accounts.view_all_keys",
    _("View access keys of all accounts"),
    area=_OPERATION,
    entry=_("Access Keys of All Accounts"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_KEYS = define(
    "accounts.operate_keys",
    _("Disable access keys of all accounts"),
    area=_OPERATION,
    entry=_("Access Keys of All Accounts"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_AGREEMENTS = define(
    "accounts.view_agreements",
    _("View agreements"),
    area=_OPERATION,
    entry=_("Agreements"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_AGREEMENTS = define(
    "accounts.operate_agreements",
    _("Publish agreements"),
    area=_OPERATION,
    entry=_("Agreements"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_SCHEDULE = define(
    "accounts.view_schedule",
    _("View the schedule"),
    area=_OPERATION,
    entry=_("Schedule"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_SCHEDULE = define(
    "accounts.operate_schedule",
    _("Change the schedule"),
    area=_OPERATION,
    entry=_("Schedule"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_STANDING = define(
    "accounts.operate_standing",
    _("Keep the standing of accounts and the terms of partners"),
    area=_OPERATION,
    entry=_("Standing and terms"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_STANDING = define(
    "accounts.view_standing",
    _("View the standing of accounts and the terms of partners"),
    area=_OPERATION,
    entry=_("Standing and terms"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
VIEW_ENTERPRISE = define(
    "accounts.view_enterprise",
    _("View member accounts and enterprise projects"),
    area=_("Enterprise Center"),
    entry=_("Enterprise Center"),
    kind=Kind.VIEW,
    audiences=(Audience.CUSTOMER,),
)
MANAGE_ENTERPRISE = define(
    "accounts.manage_enterprise",
    _("Enable enterprise projects"),
    area=_("Enterprise Center"),
    entry=_("Enterprise Center"),
    kind=Kind.MANAGE,
    audiences=(Audience.CUSTOMER,),
)
EXPORT_ENTERPRISE = define(
    "accounts.export_enterprise",
    _("Export member accounts"),
    area=_("Enterprise Center"),
    entry=_("Enterprise Center"),
    kind=Kind.FINE,
    audiences=(Audience.CUSTOMER,),
)
CREATE_CUSTOMERS = define(
    "accounts.create_customers",
    _("Create customer accounts"),
    area=_("Sales"),
    entry=_("Customer Development"),
    kind=Kind.FINE,
)

# The organization's part of the three system roles below Admin; each app adds its own.
grant(SystemRole.FINANCE, VIEW_INFORMATION)
grant(SystemRole.DIRECTOR, VIEW_INFORMATION, VIEW_MEMBERS)
grant(SystemRole.MANAGER, VIEW_INFORMATION)
