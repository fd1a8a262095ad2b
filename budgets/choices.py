"""Choices of the budgets app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoldOwner(TextChoices):
    """Whose hold it is: who may release it follows from this (00 decision 1, 04-BFM-18)."""

    DEFAULT = "default", _("Default at association")
    PARTNER = "partner", _("Partner")
    DISTRIBUTOR = "distributor", _("Distributor")
    BUDGET = "budget", _("Budget")
    QUOTA = "quota", _("Partner’s quota")
    OPERATOR = "operator", _("Operator")
    #: Of records only, for what happens because time has passed; no hold is the system's.
    SYSTEM = "system", _("System")


class Strength(TextChoices):
    """How much a hold closes: purchases only, or what runs as well."""

    ACCOUNT = "account", _("Account")
    RESOURCES = "resources", _("Account and resources")


class FreezeStatus(TextChoices):
    """The one state that is shown: that of the strongest live hold (04-BFM-17)."""

    NORMAL = "normal", _("Normal")
    ACCOUNT = "account", _("Account frozen")
    RESOURCES = "resources", _("Account and resources frozen")


class FreezeAction(TextChoices):
    """What a freeze record says was done."""

    FREEZE_ACCOUNT = "freeze_account", _("Freeze Account")
    FREEZE_RESOURCES = "freeze_resources", _("Freeze Account and Resources")
    UNFREEZE_ACCOUNT = "unfreeze_account", _("Unfreeze Account")
    UNFREEZE_RESOURCES = "unfreeze_resources", _("Unfreeze Account and Resources")
    #: The retention of frozen resources has ended (04 D-18).
    RELEASE_RESOURCES = "release_resources", _("Release Resources")
    #: The association, or its Reseller model, has ended and took its holds along.
    CLOSED = "closed", _("Closed")
