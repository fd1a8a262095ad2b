"""The demo world: tenants, users and data, made through the public doors."""

from partner_center import app_config


class DemoConfig(app_config.PortalConfig):
    """The demo world: tenants, users and data, made through the public doors."""

    name = "demo"
    verbose_name = "Demo"
