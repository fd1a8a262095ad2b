"""Pages of the Message Center."""

from .center import (
    MessageCenterView,
    MessageDeleteView,
    MessageReadView,
    MessageUnreadView,
    MessageView,
    ReadAllView,
)
from .settings import (
    RecipientCreateView,
    RecipientDeleteView,
    RecipientListView,
    RecipientView,
    SettingsView,
    TypeRecipientsView,
)
from .testing import RecipientTestView, TypeTestView

__all__ = [
    "MessageCenterView",
    "MessageDeleteView",
    "MessageReadView",
    "MessageUnreadView",
    "MessageView",
    "ReadAllView",
    "RecipientCreateView",
    "RecipientDeleteView",
    "RecipientListView",
    "RecipientTestView",
    "RecipientView",
    "SettingsView",
    "TypeRecipientsView",
    "TypeTestView",
]
