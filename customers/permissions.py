"""Permissions of customers and their associations."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

_SALES = _("Sales")
_MANAGEMENT = _("Customer Management")
_DEVELOPMENT = _("Customer Development")
_ASSIGNMENT = _("Customer Assignment")
_OPERATION = _("Operation")

VIEW_CUSTOMERS = define(
    "customers.view_customers",
    _("View customers"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.VIEW,
)
#: 04-CUS-07: the administrator's alone.
EXPORT_CUSTOMERS = define(
    "customers.export_customers",
    _("Export the customer list"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.FINE,
    admin_only=True,
)
DISASSOCIATE = define(
    "customers.disassociate",
    _("Disassociate customers and answer their requests"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.FINE,
)
SET_DISCOUNTS = define(
    "customers.set_discounts",
    _("Set discounts"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.FINE,
)
REQUEST_AUTHORIZATION = define(
    "customers.request_authorization",
    _("Request authorization from customers"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.FINE,
)
VERIFY_CUSTOMERS = define(
    "customers.verify_customers",
    _("Apply for customers’ real-name authentication"),
    area=_SALES,
    entry=_MANAGEMENT,
    kind=Kind.FINE,
)
VIEW_DEVELOPMENT = define(
    "customers.view_development",
    _("View pre-registered and invited customers"),
    area=_SALES,
    entry=_DEVELOPMENT,
    kind=Kind.VIEW,
)
MANAGE_DEVELOPMENT = define(
    "customers.manage_development",
    _("Pre-register and invite customers"),
    area=_SALES,
    entry=_DEVELOPMENT,
    kind=Kind.MANAGE,
)
VIEW_ASSIGNMENTS = define(
    "customers.view_assignments",
    _("View which account manager has which customers"),
    area=_SALES,
    entry=_ASSIGNMENT,
    kind=Kind.VIEW,
)
ASSIGN_CUSTOMERS = define(
    "customers.assign_customers",
    _("Assign customers to account managers"),
    area=_SALES,
    entry=_ASSIGNMENT,
    kind=Kind.MANAGE,
)
REVIEW_PREREGISTRATIONS = define(
    "customers.review_preregistrations",
    _("Review pre-registrations"),
    area=_OPERATION,
    entry=_("Pre-registrations"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
VIEW_CAMPAIGNS = define(
    "customers.view_campaigns",
    _("View promotional campaigns and invitations"),
    area=_OPERATION,
    entry=_("Promotional campaigns"),
    kind=Kind.VIEW,
    audiences=(Audience.OPERATOR,),
)
OPERATE_CAMPAIGNS = define(
    "customers.operate_campaigns",
    _("Run promotional campaigns"),
    area=_OPERATION,
    entry=_("Promotional campaigns"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_ASSOCIATIONS = define(
    "customers.operate_associations",
    _("Associate customers with partners and assign account managers"),
    area=_OPERATION,
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
#: Answer the partner's requests, disassociate, revoke: what binds the customer (08 §10.2, 10.6).
MANAGE_PARTNER = define(
    "customers.manage_partner",
    _("Decide about my partner: authorization, association, agreements"),
    area=_("My Account"),
    entry=_("My Partner"),
    kind=Kind.MANAGE,
    audiences=(Audience.CUSTOMER,),
)

_DEVELOPS = (VIEW_CUSTOMERS, VIEW_DEVELOPMENT, MANAGE_DEVELOPMENT, VERIFY_CUSTOMERS)
grant(SystemRole.DIRECTOR, *_DEVELOPS, VIEW_ASSIGNMENTS, ASSIGN_CUSTOMERS)
grant(SystemRole.MANAGER, *_DEVELOPS)
