"""Choices of the customers app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssociationModel(TextChoices):
    """Transaction model of an association (04 §8.1)."""

    RESELLER = "reseller", _("Reseller model")
    REFERRAL = "referral", _("Referral model")
