"""The HTTP API that the vendor's official SDK speaks."""

from partner_center import app_config


class BssApiConfig(app_config.PortalConfig):
    """The HTTP API that the vendor's official SDK speaks."""

    name = "bss_api"
    verbose_name = "BSS API"
