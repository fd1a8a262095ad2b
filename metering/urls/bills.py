"""Addresses of the customer's Billing Center: bills and resource packages."""

from django.urls import path

from ..views import bills as views

app_name = "my_bills"
urlpatterns = [
    path("/bills", views.BillsView.as_view(), name="bills"),
    path("/bills/resources", views.ResourcesView.as_view(), name="resources"),
    path("/packages", views.PackageListView.as_view(), name="packages"),
    path("/packages/<int:quota_id>", views.DeductionListView.as_view(), name="deductions"),
]
