"""Append-only records of every state change."""

from partner_center import app_config


class AuditConfig(app_config.PortalConfig):
    """Append-only records of every state change."""

    name = "audit"
    verbose_name = "Audit"
