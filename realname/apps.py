"""Real-name authentication of accounts."""

from partner_center import app_config, encryption


class RealNameConfig(app_config.PortalConfig):
    """Applications of individuals and enterprises, reviewed by the operator."""

    name = "realname"
    verbose_name = "Real-name authentication"

    def ready(self) -> None:
        super().ready()
        from .services import stored_numbers

        encryption.add_store("certificate numbers", stored_numbers.encrypt_all_again)
