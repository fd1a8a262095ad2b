"""Addresses of budgets."""

from django.urls import path

from .views import alerts, freeze_records, freezing, records, setting

app_name = "budgets"
urlpatterns = [
    path("/budgets/alerts", alerts.AlertListView.as_view(), name="alerts"),
    path("/budgets/alerts/settings", alerts.AlertSettingsView.as_view(), name="alert-settings"),
    path("/budgets/alerts/<int:alert_id>", alerts.AlertView.as_view(), name="alert"),
    path("/budgets/set", setting.SetBudgetsView.as_view(), name="set-batch"),
    path("/budgets/set/<int:association_id>", setting.SetBudgetView.as_view(), name="set"),
    path("/budgets/agreement", setting.AgreementView.as_view(), name="agreement"),
    path(
        "/budgets/adjustments/<int:association_id>",
        records.AdjustmentListView.as_view(),
        name="adjustments",
    ),
    path("/freezing", freezing.FreezingView.as_view(), name="freezing"),
    path("/freezing/impacts", freezing.ImpactsView.as_view(), name="impacts"),
    path("/freezing/records", freeze_records.FreezeRecordListView.as_view(), name="freeze-records"),
    path(
        "/freezing/records/resellers",
        freeze_records.ResellerFreezeRecordListView.as_view(),
        name="resellers-freeze-records",
    ),
    *(
        path(f"/freezing/{action.value}", view.as_view(), name=f"{action.value}-batch")
        for action, view in freezing.DIALOGS.items()
    ),
    *(
        path(f"/freezing/{action.value}/<int:association_id>", view.as_view(), name=action.value)
        for action, view in freezing.DIALOGS.items()
    ),
]
