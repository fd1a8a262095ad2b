"""Distributors and their resellers."""

from partner_center import app_config


class ResellersConfig(app_config.PortalConfig):
    """Distributors and their resellers."""

    name = "resellers"
    verbose_name = "Resellers"
