"""What the budgets app tells partners and customers about."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import VIEW_INFORMATION
from customers.permissions import VIEW_CUSTOMERS
from notifications.catalogue import define
from notifications.choices import Category
from partner_center.permissions import Audience

#: To partners: somebody else (distributor, reseller, budget, operator) froze or unfroze a customer.
CUSTOMER_FREEZE = define(
    "customer_freeze",
    Category.CUSTOMERS,
    _("Frozen and unfrozen customers"),
    permission=VIEW_CUSTOMERS,
    urgent=True,
)
#: To customers: what they may buy has changed.
ACCOUNT_RESTRICTION = define(
    "account_restriction",
    Category.FINANCE,
    _("Account frozen or unfrozen"),
    audiences=(Audience.CUSTOMER,),
    urgent=True,
    customer_rule="account_restriction",
)
#: To the partner itself: what it may owe is nearly or wholly used (01-QTA-03, QTA-04).
PARTNER_QUOTA = define(
    "partner_quota",
    Category.FINANCE,
    _("Consumption quota"),
    permission=VIEW_INFORMATION,
    sms=True,
    urgent=True,
)
