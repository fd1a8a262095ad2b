"""Addresses of exports."""

from django.urls import path

from . import views

app_name = "exports"
urlpatterns = [
    path("exports", views.ExportHistoryView.as_view(), name="history"),
    path("exports/<str:uid>/download", views.ExportDownloadView.as_view(), name="download"),
    path("exports/<str:uid>/cancel", views.ExportCancelView.as_view(), name="cancel"),
    path("exports/<str:uid>/repeat", views.ExportRepeatView.as_view(), name="repeat"),
]
