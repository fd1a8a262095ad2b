"""Accounts: tenants, their users, roles, permissions, codes, agreements, access keys."""

from partner_center import app_config, critical, encryption
from partner_center.lists import hooks


class AccountsConfig(app_config.PortalConfig):
    """Floor 2: everything above knows who acts and for whom."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        super().ready()
        from .services import codes, list_choices, stored_secrets

        encryption.add_store("access keys", stored_secrets.access_keys)
        encryption.add_store("second factors", stored_secrets.authenticators)
        critical.use_store(codes)
        hooks.use_preferences(list_choices)
