"""Message types that stand on this floor: partner budget, account security, those for customers."""

from django.utils.translation import gettext_lazy as _

from accounts import customer_messages
from partner_center.permissions import Audience

from .catalogue import define
from .choices import Category

#: 04-RCP-01: budgets of customers reach a threshold or are used up.
PARTNER_BUDGET = define("partner_budget", Category.FINANCE, _("Partner budget"))
#: Who gets messages, and how, was changed.
SETTINGS_CHANGED = define(
    "settings_changed",
    Category.SYSTEM,
    _("Changed recipients"),
    audiences=tuple(Audience),
    permission="notifications.manage_settings",
    email=False,
)
#: The operator granted the partner a permission or took it (04-TM-03, 04-DSC-02, 06-DPR-01).
PARTNER_TERMS = define(
    "partner_terms",
    Category.PROGRAMS,
    _("Permissions granted by the operator"),
    permission="accounts.view_information",
)

for kind in customer_messages.TYPES:
    define(
        f"customer.{kind.code}",
        Category(kind.category),
        kind.label,
        audiences=(Audience.CUSTOMER,),
        sms=True,
        customer_rule=kind.code,
    )
