"""Addresses of the style page."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.StyleView.as_view(), name="style"),
    path("/dialog", views.StyleDialogView.as_view(), name="style-dialog"),
    path("/drawer", views.StyleDrawerView.as_view(), name="style-drawer"),
    path("/invoice.pdf", views.StylePaperView.as_view(), name="style-paper"),
]
