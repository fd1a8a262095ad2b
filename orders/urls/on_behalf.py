"""Addresses of work on customers' behalf: the partner's dialogs and the session's own pages.

Select Products stands under the console's All Products, so it has that menu.
"""

from django.urls import path

from ..views import on_behalf as views

app_name = "on_behalf"
urlpatterns = [
    path(
        "sales/customers/<int:association_id>/place-order",
        views.PlaceOrderView.as_view(),
        name="place-order",
    ),
    path(
        "sales/customers/<int:association_id>/operate",
        views.OperateView.as_view(),
        name="operate",
    ),
    path("on-behalf", views.StartView.as_view(), name="start"),
    path("console/products/on-behalf", views.SelectProductsView.as_view(), name="products"),
    path("on-behalf/leave", views.LeaveView.as_view(), name="leave"),
]
