"""What the customers app tells partners and customers about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category
from partner_center.permissions import Audience

from .permissions import (
    DISASSOCIATE,
    MANAGE_DEVELOPMENT,
    MANAGE_PARTNER,
    REVIEW_PREREGISTRATIONS,
    VERIFY_CUSTOMERS,
    VIEW_CUSTOMERS,
)

#: To partners: a customer was associated, or an invitation failed.
CUSTOMER_ASSOCIATED = define(
    "customer_associated", Category.CUSTOMERS, _("Associated customers"), permission=VIEW_CUSTOMERS
)
#: To partners: the operator decided about a pre-registration.
PREREGISTRATION_REVIEWED = define(
    "preregistration_reviewed",
    Category.CUSTOMERS,
    _("Reviewed pre-registrations"),
    permission=MANAGE_DEVELOPMENT,
)
#: To the operator: a review takes longer than two working days (04-PRE-08).
PREREGISTRATION_OVERDUE = define(
    "preregistration_overdue",
    Category.CUSTOMERS,
    _("Overdue reviews of pre-registrations"),
    audiences=(Audience.OPERATOR,),
    permission=REVIEW_PREREGISTRATIONS,
)
#: To partners, at once (04-ASC-07): a customer asks to leave, or has answered; the association has
#: ended or changed its type.
DISASSOCIATION = define(
    "disassociation",
    Category.CUSTOMERS,
    _("Disassociation and association type changes"),
    permission=DISASSOCIATE,
    urgent=True,
)
#: To partners: a customer accepted, rejected or revoked an authorization.
AUTHORIZATION_ANSWERED = define(
    "authorization_answered",
    Category.CUSTOMERS,
    _("Customers’ authorizations"),
    permission=VIEW_CUSTOMERS,
)
#: To partners: a discount has expired.
DISCOUNT_EXPIRED = define(
    "discount_expired",
    Category.FINANCE,
    _("Discounts granted to customers"),
    permission=VIEW_CUSTOMERS,
)
#: To partners: the operator decided about a real-name application that the partner sent.
CUSTOMER_REAL_NAME = define(
    "customer_real_name",
    Category.CUSTOMERS,
    _("Customers’ real-name authentication"),
    permission=VERIFY_CUSTOMERS,
)
#: To customers, at once (08-CSD-12): association, disassociation, requests of the partner.
MY_PARTNER = define(
    "my_partner",
    Category.CUSTOMERS,
    _("My partner"),
    audiences=(Audience.CUSTOMER,),
    permission=MANAGE_PARTNER,
    urgent=True,
)
