"""Addresses of the Instructions and of the tab Agreements."""

from django.urls import path

from ..views import instructions as views

app_name = "instructions"
urlpatterns = [
    path("agreements", views.AgreementListView.as_view(), name="agreements"),
    path("agreements/<int:pk>", views.AgreementTextView.as_view(), name="signed"),
    path("instructions", views.SignView.as_view(), name="sign"),
]
