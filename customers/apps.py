"""Customers of partners: association and account managers."""

from partner_center import app_config


class CustomersConfig(app_config.PortalConfig):
    """Customers of partners: association and account managers."""

    name = "customers"
    verbose_name = "Customers"
