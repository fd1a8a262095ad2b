"""Addresses of Customer Management."""

from django.urls import path

from ..views import details, resources
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
    path("/<int:association_id>", details.CustomerDetailsView.as_view(), name="details"),
    path(
        "/<int:association_id>/basic-information",
        details.BasicInformationView.as_view(),
        name="basic-information",
    ),
    *(
        path(f"/<int:association_id>/{address}", view.as_view(), name=view.name.split(":")[1])
        for address, view in (
            ("view-resources", resources.TermResourcesView),
            ("view-resources/pay-per-use", resources.UsageResourcesView),
            ("view-resources/reserved-instances", resources.ReservedResourcesView),
            ("view-resources/savings-plans", resources.SavingsResourcesView),
            ("resources", resources.TermResourcesTab),
            ("resources/pay-per-use", resources.UsageResourcesTab),
            ("resources/savings-plans", resources.SavingsResourcesTab),
        )
    ),
]
