"""Addresses of Customer Expenditure."""

from django.urls import path

from ..views import expenditure as views

app_name = "expenditure"
urlpatterns = [
    path("", views.SummaryView.as_view(), name="summary"),
    path("/days", views.DaysView.as_view(), name="days"),
    path("/customers/<int:association_id>", views.CustomerView.as_view(), name="customer"),
    path("/export", views.ExportBillsView.as_view(), name="export-bills"),
    path("/details", views.DetailsView.as_view(), name="details"),
    path("/details/export", views.ExportDetailsView.as_view(), name="export-details"),
    path("/details/<int:record_id>", views.ChargeView.as_view(), name="charge"),
]
