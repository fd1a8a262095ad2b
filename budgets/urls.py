"""Addresses of budgets."""

from django.urls import path

from .views import alerts, setting

app_name = "budgets"
urlpatterns = [
    path("/budgets/alerts", alerts.AlertListView.as_view(), name="alerts"),
    path("/budgets/alerts/settings", alerts.AlertSettingsView.as_view(), name="alert-settings"),
    path("/budgets/alerts/<int:alert_id>", alerts.AlertView.as_view(), name="alert"),
    path("/budgets/set", setting.SetBudgetView.as_view(), name="set-batch"),
    path("/budgets/set/<int:association_id>", setting.SetBudgetView.as_view(), name="set"),
]
