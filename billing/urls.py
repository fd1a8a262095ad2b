"""Addresses of the partners' financial information."""

from django.urls import path

from .views import bills, coupons, terms

app_name = "billing"

urlpatterns = [
    path("/partner-bills", bills.BillsView.as_view(), name="bills"),
    # Contracts and Commerce
    path("/contracts-and-commerce", terms.CommercialDiscountListView.as_view(), name="discounts"),
    path(
        "/contracts-and-commerce/koogallery",
        terms.MarketplaceDiscountListView.as_view(),
        name="marketplace-discounts",
    ),
    path(
        "/contracts-and-commerce/<int:discount_id>",
        terms.CommercialDiscountView.as_view(),
        name="discount",
    ),
    # Coupons
    path("/coupons", coupons.CouponListView.as_view(), name="coupons"),
    path("/coupons/test", coupons.TestCouponListView.as_view(), name="test-coupons"),
    path("/coupons/test/notification", coupons.CouponNoticeView.as_view(), name="coupon-notice"),
    path("/coupons/history", coupons.CouponEntryListView.as_view(), name="coupon-history"),
    path("/coupons/<int:coupon_id>", coupons.CouponView.as_view(), name="coupon"),
]
