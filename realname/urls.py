"""Addresses of real-name authentication."""

from django.urls import path

from .views import files, own, partner, review

app_name = "realname"
urlpatterns = [
    path("my-account/real-name-authentication", own.OwnView.as_view(), name="own"),
    path("my-account/real-name-authentication/apply", own.OwnApplyView.as_view(), name="apply"),
    path(
        "sales/customers/<int:pk>/real-name-authentication",
        partner.CustomerView.as_view(),
        name="customer",
    ),
    path(
        "sales/customers/<int:pk>/real-name-authentication/apply",
        partner.CustomerApplyView.as_view(),
        name="customer-apply",
    ),
    path("partner-information/api-files", files.FileListView.as_view(), name="files"),
    path(
        "partner-information/api-files/upload", files.FileUploadView.as_view(), name="file-upload"
    ),
    path("partner-information/api-files/<str:name>", files.FileView.as_view(), name="file"),
    path(
        "partner-information/api-files/<str:name>/delete",
        files.FileDeleteView.as_view(),
        name="file-delete",
    ),
    path(
        "operator/real-name-authentication/scans/<int:pk>", review.ScanView.as_view(), name="scan"
    ),
]
