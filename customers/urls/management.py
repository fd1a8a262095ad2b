"""Addresses of Customer Management."""

from django.urls import path

from ..views import help as helping
from ..views import management as views

app_name = "customers"
urlpatterns = [
    path("", views.CustomerListView.as_view(), name="list"),
    path("/resellers", views.ResellerCustomerListView.as_view(), name="resellers"),
    path(
        "/help/request-authorization",
        helping.RequestingHelpView.as_view(),
        name="help-requesting",
    ),
    path(
        "/help/manage-authorization",
        helping.ManagingHelpView.as_view(),
        name="help-managing",
    ),
    path("/<int:association_id>", views.CustomerDetailsView.as_view(), name="details"),
    path(
        "/<int:association_id>/basic-information",
        views.BasicInformationView.as_view(),
        name="basic-information",
    ),
]
