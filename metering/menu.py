"""Menu entries of metering."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .permissions import OPERATE_USAGE, VIEW_EXPENDITURE, VIEW_OWN_BILLS

add_entry(
    "sales",
    _("Customer Expenditure"),
    "expenditure:summary",
    VIEW_EXPENDITURE,
    order=60,
    group=_("Customers"),
    icon="chart-histogram",
)
add_area("billing-center", _("Billing Center"), order=30, icon="receipt")
add_entry(
    "billing-center",
    _("Bills"),
    "my_bills:bills",
    VIEW_OWN_BILLS,
    order=10,
    group=_("Billing"),
    audiences=(Audience.CUSTOMER,),
    icon="receipt",
)
add_entry(
    "billing-center",
    _("Resource Packages"),
    "my_bills:packages",
    VIEW_OWN_BILLS,
    order=20,
    group=_("Billing"),
    audiences=(Audience.CUSTOMER,),
    icon="package",
)
add_area("metering", _("Metering"), order=180, icon="gauge")
for order, (label, model) in enumerate(
    (
        (_("Intakes"), "intake"),
        (_("Sources"), "usagesource"),
        (_("Sub-accounts"), "subaccount"),
        (_("Usage Records"), "usagerecord"),
        (_("Charges"), "charge"),
    )
):
    add_entry(
        "metering",
        label,
        f"admin:metering_{model}_changelist",
        OPERATE_USAGE,
        order=order,
        audiences=(Audience.OPERATOR,),
    )
