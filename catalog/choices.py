"""Choices of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BillingMode(TextChoices):
    """How a product is paid for; what a charge says of itself (05-BFD column 9)."""

    YEARLY_MONTHLY = "period", _("Yearly/Monthly")
    PAY_PER_USE = "usage", _("Pay-per-use")
    RESERVED_UPFRONT = "ri_upfront", _("Reserved instance-upfront payment")
    RESERVED_HOURLY = "ri_hourly", _("Reserved instance-hourly billing")
    SAVINGS_PLAN = "savings", _("Savings plan")
    PACKAGE = "package", _("Resource package")


class Period(TextChoices):
    """The term that a price or an order counts in; empty for usage."""

    NONE = "", _("Usage")
    HOUR = "hour", _("Hour")
    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")
    ONE_TIME = "once", _("One time")


class PaymentOption(TextChoices):
    """How a reserved instance or savings plan is paid."""

    NONE = "", _("Not applicable")
    ALL_UPFRONT = "all", _("All upfront")
    PARTIAL_UPFRONT = "partial", _("Partial upfront")
    NO_UPFRONT = "no", _("No upfront")


class SettlementType(TextChoices):
    """Which commercial terms a product falls under (05-BFD column 38, 08-CSN-04 to CSN-07)."""

    COMMON = "common", _("Common product")
    PROMOTIONAL = "promotional", _("Promotional product")
    NO_DISCOUNT = "none", _("No discount")


class Origin(TextChoices):
    """Where a catalogue row comes from."""

    CATALOGUE = "catalogue", _("Catalogue")
    #: Met in a usage file of another provider's format and entered by the intake.
    USAGE = "usage", _("Usage file")


class ResetCycle(TextChoices):
    """When the quota of a resource package starts anew."""

    NEVER = "", _("Never")
    MONTH = "month", _("Every calendar month")


class PriceState(TextChoices):
    """Whether a list price counts now; derived from its time and what follows it."""

    SCHEDULED = "scheduled", _("Scheduled")
    IN_EFFECT = "in_effect", _("In effect")
    PAST = "past", _("Past")
