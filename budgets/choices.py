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


class BudgetType(TextChoices):
    """What a budget caps (04-BFM-01, BFM-02)."""

    MONTHLY = "monthly", _("Monthly Budget")
    ONE_TIME = "one_time", _("One-Time Budget")


class ExhaustionAction(TextChoices):
    """Action Upon Budget Exhaustion (04-ONE-05)."""

    MANUAL = "manual", _("Manual Freezing")
    RESTRICT = "restrict", _("Restrict Purchase")
    RESTRICT_FREEZE = "restrict_freeze", _("Restrict Purchase and Freeze Resources")


class AdjustmentSource(TextChoices):
    """Where a change of a budget came from (04 "Adjustment Records")."""

    SINGLE = "single", _("Single")
    BATCH = "batch", _("Batch")
    API = "api", _("API")
    DISTRIBUTOR = "distributor", _("Distributor")
    #: The association, or its Reseller model, has ended and took the budget along.
    ENDED = "ended", _("Association ended")


class AlertKind(TextChoices):
    """What an alert of the ledger says."""

    THRESHOLD = "threshold", _("Budget usage")
    #: Unfrozen without raising the budget, and frozen again (04-BFM-08).
    FROZEN_AGAIN = "frozen_again", _("Frozen again")
    FORECAST = "forecast", _("Forecast")
    #: Of the partner itself: its consumption quota is nearly or wholly used (01-QTA-03, QTA-04).
    QUOTA = "quota", _("Consumption quota")
    #: Of the partner itself: customers that stay frozen at the month's turn (04-BFM-10).
    MONTH_TURN = "month_turn", _("Frozen at the month’s turn")
