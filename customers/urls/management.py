"""Addresses of Customer Management."""

from django.urls import path

from ..views import management as views

app_name = "customers"
urlpatterns = [
    path("", views.CustomerListView.as_view(), name="list"),
    path("/resellers", views.ResellerCustomerListView.as_view(), name="resellers"),
    path("/<int:association_id>", views.CustomerDetailsView.as_view(), name="details"),
    path(
        "/<int:association_id>/basic-information",
        views.BasicInformationView.as_view(),
        name="basic-information",
    ),
]
