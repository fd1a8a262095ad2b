"""Accounts: tenants, their users, roles, permissions, codes, agreements, access keys."""

from partner_center import app_config, critical
from partner_center.lists import hooks


class AccountsConfig(app_config.PortalConfig):
    """Floor 2: everything above knows who acts and for whom."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        super().ready()
        from .services import codes, list_choices

        critical.use_store(codes)
        hooks.use_preferences(list_choices)
