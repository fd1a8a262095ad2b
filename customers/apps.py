"""Customers of partners: association and account managers."""

from partner_center.apps import PortalConfig


class CustomersConfig(PortalConfig):
    """Customers of partners: association and account managers."""

    name = "customers"
    verbose_name = "Customers"
