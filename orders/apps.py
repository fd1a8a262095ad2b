"""Orders: buying, renewing, changing, unsubscribing, and working on customers' behalf."""

from partner_center import app_config


class OrdersConfig(app_config.PortalConfig):
    """Orders and their life cycle."""

    name = "orders"
    verbose_name = "Orders"
