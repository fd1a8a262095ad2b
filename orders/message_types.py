"""What the orders app tells partners and customers about."""

from django.utils.translation import gettext_lazy as _

from customers.permissions import VIEW_CUSTOMERS
from notifications.catalogue import define
from notifications.choices import Category
from partner_center.permissions import Audience

#: To customers: a resource could not be renewed by itself.
RENEWAL_FAILED = define(
    "renewal_failed",
    Category.PRODUCT,
    _("Failed auto-renewals"),
    audiences=(Audience.CUSTOMER,),
)
#: To partners: the same of a customer (04 D-07).
CUSTOMER_RENEWAL_FAILED = define(
    "customer_renewal_failed",
    Category.CUSTOMERS,
    _("Failed auto-renewals of customers"),
    permission=VIEW_CUSTOMERS,
)
