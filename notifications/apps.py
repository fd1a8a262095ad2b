"""Message Center, recipients and settings, on top of the outbox."""

from partner_center import app_config


class NotificationsConfig(app_config.PortalConfig):
    """Message Center, recipients and settings, on top of the outbox."""

    name = "notifications"
    verbose_name = "Notifications"
