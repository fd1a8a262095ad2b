"""Addresses of the Message Center."""

from django.urls import path

from . import views
from .choices import Category

app_name = "notifications"
urlpatterns = [
    path("messages", views.MessageCenterView.as_view(), name="messages"),
    *(
        path(
            f"messages/{category}",
            views.MessageCenterView.as_view(category=category),
            name=str(category),
        )
        for category in Category
    ),
    path("messages/read-all", views.ReadAllView.as_view(), name="read-all"),
    path("messages/<int:pk>", views.MessageView.as_view(), name="message"),
    path("messages/<int:pk>/read", views.MessageReadView.as_view(), name="read"),
    path("messages/<int:pk>/unread", views.MessageUnreadView.as_view(), name="unread"),
    path("messages/<int:pk>/delete", views.MessageDeleteView.as_view(), name="delete"),
    path("messages/settings", views.SettingsView.as_view(), name="settings"),
    path(
        "messages/settings/recipients",
        views.TypeRecipientsView.as_view(),
        name="type-recipients",
    ),
    path("messages/settings/test", views.TypeTestView.as_view(), name="type-test"),
    path("messages/recipients", views.RecipientListView.as_view(), name="recipients"),
    path("messages/recipients/new", views.RecipientCreateView.as_view(), name="recipient-new"),
    path("messages/recipients/<int:pk>", views.RecipientView.as_view(), name="recipient"),
    path(
        "messages/recipients/<int:pk>/test",
        views.RecipientTestView.as_view(),
        name="recipient-test",
    ),
    path(
        "messages/recipients/<int:pk>/delete",
        views.RecipientDeleteView.as_view(),
        name="recipient-delete",
    ),
]
