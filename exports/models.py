"""Export tasks and their files."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor
from partner_center.tenancy import TenantOwned, TenantQuerySet

from . import rules
from .choices import UNFINISHED, ExportStatus, FileFormat
from .permissions import VIEW_ALL_EXPORTS


class ExportTaskQuerySet(TenantQuerySet):
    """Export tasks."""

    def visible_to(self, actor: Actor) -> Self:
        """Own tasks; with the permission, those of all members of the account."""
        found = super().visible_to(actor)
        return found if actor.can(VIEW_ALL_EXPORTS) else found.filter(created_by=actor.user_id)

    def unfinished(self) -> Self:
        """Tasks that wait or run."""
        return self.filter(status__in=UNFINISHED)


class ExportTask(TenantOwned):
    """One file that somebody asked for (05-EXP-01, EXP-02). The file goes after seven days."""

    #: Random, so that nobody guesses the name of a file.
    uid = models.CharField(max_length=32, unique=True, editable=False)
    exporter = models.CharField(max_length=64)
    title = models.CharField(_("task"), max_length=100)
    #: The parameters in words, as they were chosen.
    description = models.CharField(max_length=500, blank=True)
    params = models.JSONField(default=dict)
    file_format = models.CharField(max_length=8, choices=FileFormat)
    status = models.CharField(
        _("status"), max_length=16, choices=ExportStatus, default=ExportStatus.WAITING
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    #: How often a worker began; a task that takes its worker down is given up.
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    #: Last sign of life of the worker.
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    rows_total = models.PositiveBigIntegerField(null=True, blank=True)
    rows_done = models.PositiveBigIntegerField(default=0)
    file_size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    failure = models.CharField(max_length=500, blank=True)

    objects = ExportTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in ExportStatus]),
                name="export_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="completed")
                | models.Q(finished_at__isnull=False, expires_at__isnull=False),
                name="export_completed_has_dates",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="failed") | ~models.Q(failure=""),
                name="export_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="export_history"),
            models.Index(
                fields=["touched_at"],
                condition=models.Q(status__in=["waiting", "processing"]),
                name="export_unfinished",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status="completed"),
                name="export_expiring",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def storage_name(self) -> str:
        """Where the file lies in the private storage: always the same, so never two files."""
        return f"exports/{self.account_id}/{self.uid}.{self.file_format}"

    @property
    def is_unfinished(self) -> bool:
        """Whether the task waits or runs."""
        return self.status in UNFINISHED

    @property
    def seconds_left(self) -> int | None:
        """Seconds to the end at the pace so far; None when nothing can be said."""
        if self.started_at is None:
            return None
        return rules.seconds_left(
            self.touched_at - self.started_at, self.rows_done, self.rows_total
        )
