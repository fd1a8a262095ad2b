"""The kernel as a Django app."""

from partner_center import app_config


class PartnerCenterConfig(app_config.PortalConfig):
    """The kernel: templates, template tags, checks."""

    name = "partner_center"
    verbose_name = "Partner Center"
