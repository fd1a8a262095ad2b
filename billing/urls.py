"""Addresses of the partners' financial information."""

from django.urls import path

from .views import bills

app_name = "billing"

urlpatterns = [
    path("/partner-bills", bills.BillsView.as_view(), name="bills"),
]
