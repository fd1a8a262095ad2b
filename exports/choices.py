"""Words of exports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExportStatus(TextChoices):
    """Where an export task stands (05 EXP, states)."""

    WAITING = "waiting", _("Waiting")
    PROCESSING = "processing", _("Processing")
    COMPLETED = "completed", _("Completed")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class FileFormat(TextChoices):
    """What kind of file is written."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


UNFINISHED = (ExportStatus.WAITING, ExportStatus.PROCESSING)
