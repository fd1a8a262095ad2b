"""Catalogue: what can be bought, in which regions and units, at which list price."""

from partner_center import app_config


class CatalogConfig(app_config.PortalConfig):
    """Floor 4: everybody above knows products and prices."""

    name = "catalog"
    verbose_name = "Catalog"
