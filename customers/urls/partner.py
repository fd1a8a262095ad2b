"""Addresses of the customers app."""

from django.urls import path

from ..views.partner import MyPartnerView

app_name = "my_partner"
urlpatterns = [path("my-account/partner", MyPartnerView.as_view(), name="page")]
