"""Addresses of Customer Orders."""

from django.urls import path

from ..views import adjusting
from ..views import customer_orders as views

app_name = "customer_orders"
urlpatterns = [
    path("", views.CustomerOrderListView.as_view(), name="list"),
    path("/resellers", views.ResellerOrderListView.as_view(), name="resellers"),
    path("/price-adjustments", views.AdjustmentListView.as_view(), name="adjustments"),
    path("/customers/<int:association_id>", views.OrdersOfCustomerView.as_view(), name="customer"),
    path("/<int:order_id>", views.OrderDetailsView.as_view(), name="details"),
    path("/<int:order_id>/price", adjusting.AdjustPriceView.as_view(), name="adjust"),
]
