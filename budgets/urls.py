"""Addresses of budgets."""

from django.urls import path

from .views import records, setting

app_name = "budgets"
urlpatterns = [
    path("/budgets/set", setting.SetBudgetsView.as_view(), name="set-batch"),
    path("/budgets/set/<int:association_id>", setting.SetBudgetView.as_view(), name="set"),
    path("/budgets/agreement", setting.AgreementView.as_view(), name="agreement"),
    path(
        "/budgets/adjustments/<int:association_id>",
        records.AdjustmentListView.as_view(),
        name="adjustments",
    ),
]
