"""What distributors and resellers are told about."""

from django.utils.translation import gettext_lazy as _

from notifications.catalogue import define
from notifications.choices import Category

from .permissions import VIEW_DISTRIBUTOR, VIEW_RESELLERS

#: To distributors: an invited reseller was associated, or could not be.
RESELLER_ANSWERED = define(
    "reseller_answered", Category.PROGRAMS, _("Invited resellers"), permission=VIEW_RESELLERS
)
#: To resellers: the association, and what the distributor grants and withdraws (06-PRM-14).
MY_DISTRIBUTOR = define(
    "my_distributor", Category.PROGRAMS, _("My distributor"), permission=VIEW_DISTRIBUTOR
)
