"""The address that payment companies call."""

from django.urls import path

from .views import webhooks

urlpatterns = [
    path("billing/webhooks/<str:gateway>", webhooks.WebhookView.as_view(), name="payment-webhook")
]
