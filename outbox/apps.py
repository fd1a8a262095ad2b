"""E-mail and SMS, written in the business transaction and sent afterwards."""

from partner_center import app_config


class OutboxConfig(app_config.PortalConfig):
    """E-mail and SMS, written in the business transaction and sent afterwards."""

    name = "outbox"
    verbose_name = "Outbox"
