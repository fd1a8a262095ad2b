"""Customer Alerts: customers whose usage falls, and what became of them."""

from partner_center import app_config


class ChurnConfig(app_config.PortalConfig):
    """Alerts about customers who may be leaving."""

    name = "churn"
    verbose_name = "Customer Alerts"
