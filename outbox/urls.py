"""Addresses of the outbox."""

from django.urls import path

from .views import DemoOutboxView

app_name = "outbox"
urlpatterns = [path("demo/outbox", DemoOutboxView.as_view(), name="demo")]
