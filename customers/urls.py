"""Addresses of the customers app."""

from django.urls import path

from .views import MyPartnerView

app_name = "customers"
urlpatterns = [path("my-account/partner", MyPartnerView.as_view(), name="my-partner")]
