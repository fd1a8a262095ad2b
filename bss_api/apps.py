"""The HTTP API that the vendor's official SDK speaks."""

from partner_center.apps import PortalConfig


class BssApiConfig(PortalConfig):
    """The HTTP API that the vendor's official SDK speaks."""

    name = "bss_api"
    verbose_name = "BSS API"
