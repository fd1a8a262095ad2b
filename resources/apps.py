"""Resources: what customers have running, until when, and what is reserved for them."""

from partner_center import app_config


class ResourcesConfig(app_config.PortalConfig):
    """Cloud resources and their life cycle."""

    name = "resources"
    verbose_name = "Resources"
