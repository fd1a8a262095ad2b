"""Asynchronous exports and their history."""

from partner_center import app_config
from partner_center.lists import hooks


class ExportsConfig(app_config.PortalConfig):
    """Asynchronous exports and their history."""

    name = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        super().ready()
        from . import services

        hooks.use_exports(services)
