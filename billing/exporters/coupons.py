"""Files of coupons and their history."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from ..permissions import VIEW_COUPONS
from ..views.coupons import CouponEntryListView, CouponListView, TestCouponListView

exporting.register(ListExporter("coupons", _("Coupons"), VIEW_COUPONS, CouponListView.definition()))
exporting.register(
    ListExporter("test_coupons", _("Test Coupons"), VIEW_COUPONS, TestCouponListView.definition())
)
exporting.register(
    ListExporter(
        "coupon_history",
        _("Cash Coupon Quota History"),
        VIEW_COUPONS,
        CouponEntryListView.definition(),
    )
)
