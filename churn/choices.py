"""Choices of Customer Alerts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scenario(TextChoices):
    """What set the alert off."""

    USAGE = "usage", _("Churn risk warning: resource usage")


class AlertType(TextChoices):
    """What the alert is about (04-ALV-02)."""

    LOSS = "loss", _("Loss")


class AlertStatus(TextChoices):
    """Unhandled → Handled, which is final."""

    UNHANDLED = "unhandled", _("Unhandled")
    HANDLED = "handled", _("Handled")


class LossReason(TextChoices):
    """Why a customer has been lost (04 §8.3.5.1)."""

    PRODUCT = "product", _("Product capability")
    COMMERCE = "commerce", _("Commerce")
    COMPETITOR = "competitor", _("Competitor")
    SUSPENSION = "suspension", _("Customer service suspension")
    SHORT_TERM = "short_term", _("Short-term customer service")
    OTHER = "other", _("Other")


class Feedback(TextChoices):
    """What is known of a customer that has not been lost (04 §8.3.5.1)."""

    ADJUSTMENT = "adjustment", _("Service adjustment, in regular contact")
    NEW = "new", _("New customer expenditure")
    CONTRACTION = "contraction", _("Customer service contraction")
    FLUCTUATION = "fluctuation", _("Normal customer expenditure fluctuation")
    OTHER = "other", _("Other")
