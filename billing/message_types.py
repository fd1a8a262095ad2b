"""What the billing app tells partners about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category

from .permissions import PAY_BILLS, VIEW_BILLS, VIEW_COUPONS, VIEW_INVOICES

#: The bill of a month is issued (05-REP-01).
BILL_ISSUED = define(
    "bill_issued", Category.FINANCE, _("Monthly bill"), permission=VIEW_BILLS, urgent=True
)
#: A bill is due within a week, or overdue (05-REP-11).
BILL_DUE = define("bill_due", Category.FINANCE, _("Due bills"), permission=VIEW_BILLS, urgent=True)
#: A card was not charged, or has expired (05-PMT-08).
CARD_PAYMENT = define(
    "card_payment", Category.FINANCE, _("Payment methods"), permission=PAY_BILLS, urgent=True
)
#: The operator has booked or rejected a transfer (05-REP-10).
TRANSFER = define("transfer", Category.FINANCE, _("Transfer tickets"), permission=PAY_BILLS)
#: What became of tickets about invoices, of invoices and of withholding-tax certificates.
INVOICES = define("invoices", Category.FINANCE, _("Invoices"), permission=VIEW_INVOICES)
#: What coupons pay of the month, 7 and 3 days before its end (05-CPN-01).
COUPON_USAGE = define(
    "coupon_usage", Category.FINANCE, _("Test coupon balance"), permission=VIEW_COUPONS
)
