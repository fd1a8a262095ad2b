"""Addresses of budgets."""

from django.urls import path

from .views import setting

app_name = "budgets"
urlpatterns = [
    path("/budgets/set", setting.SetBudgetView.as_view(), name="set-batch"),
    path("/budgets/set/<int:association_id>", setting.SetBudgetView.as_view(), name="set"),
]
