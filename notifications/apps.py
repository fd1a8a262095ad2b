"""Message Center, recipients and settings, on top of the outbox."""

from partner_center.apps import PortalConfig


class NotificationsConfig(PortalConfig):
    """Message Center, recipients and settings, on top of the outbox."""

    name = "notifications"
    verbose_name = "Notifications"
