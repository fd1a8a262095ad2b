"""Real-name authentication of accounts."""

from partner_center import app_config


class RealNameConfig(app_config.PortalConfig):
    """Applications of individuals and enterprises, reviewed by the operator."""

    name = "realname"
    verbose_name = "Real-name authentication"
