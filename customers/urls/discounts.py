"""Addresses of partner discounts."""

from django.urls import path

from ..views import discounts as views

app_name = "discounts"
urlpatterns = [
    path("sales/customers/discounts/set", views.SetDiscountView.as_view(), name="set-batch"),
    path(
        "sales/customers/discounts/set/<int:association_id>",
        views.SetDiscountView.as_view(),
        name="set",
    ),
    path("sales/customers/discounts/records", views.DiscountRecordsView.as_view(), name="records"),
    path("sales/customers/discounts/scope", views.DiscountScopeView.as_view(), name="scope"),
    path("billing-center/discounts", views.MyDiscountsView.as_view(), name="mine"),
]
