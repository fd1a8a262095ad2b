"""Choices of the resources app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ResourceStatus(TextChoices):
    """States of a resource (04 D-28). Whether it is frozen stands beside it, in ``frozen_at``."""

    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")
    #: A yearly/monthly resource after its term: kept, not usable, until ``retained_until``.
    EXPIRED = "expired", _("Expired")
    RELEASED = "released", _("Released")


class ExpiryPolicy(TextChoices):
    """What happens to a yearly/monthly resource when its term ends (API EXPIRE_POLICY)."""

    RETAIN = "retain", _("Retention period, then release")
    TO_PAY_PER_USE = "usage", _("Change to pay-per-use")
    AUTO_RENEW = "renew", _("Auto-renewal")


class ReleaseCause(TextChoices):
    """Why a resource was released."""

    NONE = "", _("Not released")
    DELETED = "deleted", _("Deleted by the customer")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    EXPIRED = "expired", _("Retention period after expiry ended")
    FROZEN = "frozen", _("Retention period after freezing ended")
