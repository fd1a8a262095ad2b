"""Addresses of Customer Alerts, below /sales/customers/alerts."""

from django.urls import path

from . import views

app_name = "customer_alerts"
urlpatterns = [
    path("", views.HandleAlertsView.as_view(), name="handle"),
    path("/view", views.ViewAlertsView.as_view(), name="view"),
    path("/view/resellers", views.ResellerAlertsView.as_view(), name="resellers"),
    path("/<int:alert_id>/process", views.ProcessTaskView.as_view(), name="process"),
]
