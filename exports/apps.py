"""Asynchronous exports and their history."""

from partner_center.apps import PortalConfig


class ExportsConfig(PortalConfig):
    """Asynchronous exports and their history."""

    name = "exports"
    verbose_name = "Exports"
