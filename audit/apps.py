"""Append-only records of every state change."""

from partner_center import app_config
from partner_center.lists import hooks


class AuditConfig(app_config.PortalConfig):
    """Append-only records of every state change."""

    name = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        super().ready()
        from . import services

        hooks.use_recorder(services)
