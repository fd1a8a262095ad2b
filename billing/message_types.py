"""What the billing app tells partners about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category

from .permissions import VIEW_BILLS, VIEW_INVOICES

#: The bill of a month is issued (05-REP-01).
BILL_ISSUED = define(
    "bill_issued", Category.FINANCE, _("Monthly bill"), permission=VIEW_BILLS, urgent=True
)
#: What became of tickets about invoices, of invoices and of withholding-tax certificates.
INVOICES = define("invoices", Category.FINANCE, _("Invoices"), permission=VIEW_INVOICES)
