"""The demo world: tenants, users and data, made through the public doors."""

from partner_center.apps import PortalConfig


class DemoConfig(PortalConfig):
    """The demo world: tenants, users and data, made through the public doors."""

    name = "demo"
    verbose_name = "Demo"
