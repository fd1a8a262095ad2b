"""Choices of the metering app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SourceKind(TextChoices):
    """Who speaks through a source of records."""

    NATIVE = "native", _("Native usage format")
    FOCUS = "focus", _("FOCUS 1.0")
    #: Paid orders of this portal.
    ORDERS = "orders", _("Orders")
    #: What the operator corrects.
    ADJUSTMENTS = "adjustments", _("Adjustments")


class IntakeState(TextChoices):
    """States of one intake of a file or batch."""

    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    #: Its process ended without finishing; taking the same file again resumes it.
    INTERRUPTED = "interrupted", _("Interrupted")


class RecordKind(TextChoices):
    """What a record is about; decides the bill type of its charge (05-BFD column 8)."""

    USAGE = "usage", _("Usage")
    PURCHASE = "purchase", _("Purchase")
    REFUND = "refund", _("Refund")
    CREDIT = "credit", _("Credit")
    ADJUSTMENT = "adjustment", _("Adjustment")


class BillType(TextChoices):
    """What a charge is on a bill (05-BFD column 8)."""

    EXPENDITURE = "expenditure", _("Expenditure")
    REFUND = "refund", _("Refund")
    ADJUSTMENT = "adjustment", _("Adjustment")


class PackageState(TextChoices):
    """States of a resource package in one cycle (API PKG_STATUS)."""

    NOT_YET = "not_yet", _("Not yet valid")
    VALID = "valid", _("Valid")
    USED_UP = "used_up", _("Used up")
    EXPIRED = "expired", _("Expired")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
