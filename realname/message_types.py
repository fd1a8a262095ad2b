"""What real-name authentication tells customers about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category
from partner_center.permissions import Audience

from .permissions import VIEW_OWN

REAL_NAME = define(
    "real_name",
    Category.SECURITY,
    _("Real-name authentication"),
    audiences=(Audience.CUSTOMER,),
    permission=VIEW_OWN,
)
