"""Addresses that open an invitation; the token is what an e-mail, a link or a QR code holds."""

from django.urls import path

from ..views import landing

app_name = "landing"
urlpatterns = [
    path("invitation/<str:token>", landing.OpenView.as_view(), name="open"),
    path("invitation/<str:token>/associate", landing.AssociateView.as_view(), name="associate"),
    path("invitation/<str:token>/check", landing.CheckView.as_view(), name="check"),
    path("invitation/<str:token>/review", landing.ReviewView.as_view(), name="review"),
    path("invitation/<str:token>/switch", landing.SwitchView.as_view(), name="switch"),
    path("invitation/<str:token>/done", landing.DoneView.as_view(), name="done"),
]
