"""Addresses of Organization > Access Keys."""

from django.urls import path

from ..views import access_keys as views

app_name = "access_keys"
urlpatterns = [
    path("", views.AccessKeyListView.as_view(), name="list"),
    path("/create", views.AccessKeyCreateView.as_view(), name="create"),
    path("/created", views.AccessKeyCreatedView.as_view(), name="created"),
    path("/created/credentials.csv", views.CredentialsFileView.as_view(), name="credentials"),
    path("/<slug:ak>/disable", views.AccessKeyDisableView.as_view(), name="disable"),
    path("/<slug:ak>/enable", views.AccessKeyEnableView.as_view(), name="enable"),
    path("/<slug:ak>/delete", views.AccessKeyDeleteView.as_view(), name="delete"),
]
