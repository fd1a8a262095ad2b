"""Addresses of the catalogue."""

from django.urls import path

from .views import PercentileProductsView

app_name = "catalog"
urlpatterns = [
    path("sales/percentile-products", PercentileProductsView.as_view(), name="percentile-products"),
]
