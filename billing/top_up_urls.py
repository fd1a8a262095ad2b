"""Addresses of the customers' Top-Up: a second instance of billing, with the same names."""

from django.urls import path

from .views import top_up as views

app_name = "billing"

_CARDS = "/payment-methods"
urlpatterns = [
    path("", views.TopUpView.as_view(), name="repay"),
    path("/pay", views.PayView.as_view(), name="pay"),
    path("/records", views.RecordsView.as_view(), name="statements"),
    path(_CARDS, views.CardsView.as_view(), name="payment-methods"),
    path(f"{_CARDS}/add", views.AddCardView.as_view(), name="card-add"),
    path(f"{_CARDS}/agreement", views.AgreementView.as_view(), name="card-agreement"),
    path(f"{_CARDS}/history", views.CardHistoryView.as_view(), name="card-history"),
    path(f"{_CARDS}/<int:pk>/verify", views.VerifyCardView.as_view(), name="card-verify"),
    path(f"{_CARDS}/<int:pk>/default", views.SetDefaultView.as_view(), name="card-default"),
    path(f"{_CARDS}/<int:pk>/edit", views.EditCardView.as_view(), name="card-edit"),
    path(f"{_CARDS}/<int:pk>/delete", views.DeleteCardView.as_view(), name="card-delete"),
]
