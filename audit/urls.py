"""Addresses of the audit trail."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("operation-records", views.RecordListView.as_view(), name="records"),
    path("operation-records/<uuid:uid>", views.RecordView.as_view(), name="record"),
    path("cloud-trace-service", views.TraceListView.as_view(), name="traces"),
    path("cloud-trace-service/switch", views.TraceSwitchView.as_view(), name="trace-switch"),
    path("cloud-trace-service/<uuid:uid>", views.TraceView.as_view(), name="trace"),
]
