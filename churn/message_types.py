"""What Customer Alerts tell partners about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category

from .permissions import HANDLE_ALERTS

#: To whoever handles the alerts (04 "Messages"): one a day for each. Recipients of e-mail are the
#: account's and not the handler, so that e-mail is off until the account turns it on.
CUSTOMER_ALERTS = define(
    "customer_alerts",
    Category.CUSTOMERS,
    _("Customer alerts to be handled"),
    permission=HANDLE_ALERTS,
    email=False,
)
