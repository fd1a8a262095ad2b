"""Addresses of tickets for association by the operator."""

from django.urls import path

from ..views.association_reviews import TicketView

app_name = "reviews"
urlpatterns = [
    path("sales/customer-development/association-ticket", TicketView.as_view(), name="create")
]
