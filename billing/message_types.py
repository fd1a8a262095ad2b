"""What the billing app tells partners about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category

from .permissions import VIEW_BILLS, VIEW_COUPONS

#: The bill of a month is issued (05-REP-01).
BILL_ISSUED = define(
    "bill_issued", Category.FINANCE, _("Monthly bill"), permission=VIEW_BILLS, urgent=True
)
#: What coupons pay of the month, 7 and 3 days before its end (05-CPN-01).
COUPON_USAGE = define(
    "coupon_usage", Category.FINANCE, _("Test coupon balance"), permission=VIEW_COUPONS
)
