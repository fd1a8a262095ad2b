"""Append-only records of every state change."""

from partner_center.apps import PortalConfig


class AuditConfig(PortalConfig):
    """Append-only records of every state change."""

    name = "audit"
    verbose_name = "Audit"
