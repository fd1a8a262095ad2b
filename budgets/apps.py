"""Budgets: what a customer may spend, and the freeze holds that close the tap."""

from partner_center import app_config


class BudgetsConfig(app_config.PortalConfig):
    """Freeze holds and the state derived from them."""

    name = "budgets"
    verbose_name = "Budgets"
