"""Asynchronous exports and their history."""

from partner_center import app_config


class ExportsConfig(app_config.PortalConfig):
    """Asynchronous exports and their history."""

    name = "exports"
    verbose_name = "Exports"
