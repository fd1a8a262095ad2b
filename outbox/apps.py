"""E-mail and SMS, written in the business transaction and sent afterwards."""

from partner_center.apps import PortalConfig


class OutboxConfig(PortalConfig):
    """E-mail and SMS, written in the business transaction and sent afterwards."""

    name = "outbox"
    verbose_name = "Outbox"
