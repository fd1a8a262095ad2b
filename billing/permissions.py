"""Permissions of billing (05 C-21: administrators and finance specialists)."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import SystemRole
from accounts.roles import grant
from partner_center.permissions import Audience, Kind, define

VIEW_BILLS = define(
    "billing.view_bills",
    _("View and export partner bills"),
    area=_("Sales"),
    entry=_("Partner Bills"),
    kind=Kind.VIEW,
)
PAY_BILLS = define(
    "billing.pay_bills",
    _("Repay bills and manage payment methods"),
    area=_("Sales"),
    entry=_("Partner Bills"),
    kind=Kind.FINE,
)
VIEW_FUNDS = define(
    "billing.view_funds",
    _("View and export account statements"),
    area=_("Sales"),
    entry=_("Funds"),
    kind=Kind.VIEW,
)
VIEW_INVOICES = define(
    "billing.view_invoices",
    _("View and download invoices"),
    area=_("Sales"),
    entry=_("Invoices"),
    kind=Kind.VIEW,
)
MANAGE_INVOICES = define(
    "billing.manage_invoices",
    _("Change invoice information, request and return invoices"),
    area=_("Sales"),
    entry=_("Invoices"),
    kind=Kind.FINE,
)
VIEW_TERMS = define(
    "billing.view_terms",
    _("View commercial discounts and discounts for KooGallery products"),
    area=_("Sales"),
    entry=_("Contracts and Commerce"),
    kind=Kind.VIEW,
)
VIEW_COUPONS = define(
    "billing.view_coupons",
    _("View coupons and their history"),
    area=_("Sales"),
    entry=_("Coupons"),
    kind=Kind.VIEW,
)
SET_COUPON_NOTICE = define(
    "billing.set_coupon_notice",
    _("Switch the test coupon balance notification"),
    area=_("Sales"),
    entry=_("Coupons"),
    kind=Kind.FINE,
)
TOP_UP = define(
    "billing.top_up",
    _("Top up the account"),
    area=_("Billing Center"),
    entry=_("Top-Up"),
    kind=Kind.FINE,
    audiences=(Audience.CUSTOMER,),
)
OPERATE_BILLS = define(
    "billing.operate_bills",
    _("Run bills, look into them and post adjustments"),
    area=_("Billing"),
    entry=_("Bill runs"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_TERMS = define(
    "billing.operate_terms",
    _("Maintain discounts, taxes, exchange rates and top-up accounts"),
    area=_("Billing"),
    entry=_("Terms"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_COUPONS = define(
    "billing.operate_coupons",
    _("Issue and revoke coupons"),
    area=_("Billing"),
    entry=_("Coupons"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_FUNDS = define(
    "billing.operate_funds",
    _("Confirm transfers, refund and look into payments"),
    area=_("Billing"),
    entry=_("Payments"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)
OPERATE_INVOICES = define(
    "billing.operate_invoices",
    _("Make, void and re-issue invoices and decide on tickets about them"),
    area=_("Billing"),
    entry=_("Invoices"),
    kind=Kind.MANAGE,
    audiences=(Audience.OPERATOR,),
)

for permission in (
    VIEW_BILLS,
    PAY_BILLS,
    VIEW_FUNDS,
    VIEW_INVOICES,
    MANAGE_INVOICES,
    VIEW_TERMS,
    VIEW_COUPONS,
    SET_COUPON_NOTICE,
):
    grant(SystemRole.FINANCE, permission)
