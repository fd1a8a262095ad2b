"""Choices of the messages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """What messages are sorted by; the order is that of the side menu."""

    FINANCE = "finance", _("Finance")
    CUSTOMERS = "customers", _("Customers")
    INCENTIVES = "incentives", _("Incentives")
    PROGRAMS = "programs", _("Programs and agreements")
    PRODUCT = "product", _("Product")
    SECURITY = "security", _("Security")
    OM = "om", _("O&M")
    CAMPAIGNS = "campaigns", _("Campaigns")
    FILING = "filing", _("Filing")
    SYSTEM = "system", _("System")


class Way(TextChoices):
    """How a message reached a recipient."""

    PORTAL = "portal", _("Message Center")
    EMAIL = "email", _("Email")
    SMS = "sms", _("SMS")


class ReachState(TextChoices):
    """State of a message with one recipient."""

    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    READ = "read", _("Read")
