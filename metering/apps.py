"""Metering: usage records become charges at list price, exactly once."""

from partner_center import app_config


class MeteringConfig(app_config.PortalConfig):
    """Intake, rating, charges and their roll-ups."""

    name = "metering"
    verbose_name = "Metering"
