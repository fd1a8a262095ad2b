"""Distributors and their resellers."""

from partner_center.apps import PortalConfig


class ResellersConfig(PortalConfig):
    """Distributors and their resellers."""

    name = "resellers"
    verbose_name = "Resellers"
