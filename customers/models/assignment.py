"""Account managers who look after customers, and batches of assignments (04 §8.3.1.13, 8.3.2)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.tenancy import TenantOwned, TenantQuerySet

from ..choices import AssignmentOrigin, BatchKind, BatchStatus, RowOutcome
from .association import Association


class AssignmentQuerySet(TenantQuerySet):
    """Assignments of customers to account managers and directors."""

    def live(self) -> Self:
        """Assignments that hold now: active ones, and ending ones until their day has come."""
        still = models.Q(ends_at=None) | models.Q(ends_at__gt=clock.now())
        return self.filter(still, ended_at=None)


class ManagerAssignment(TenantOwned):
    """An account manager (or director) looks after a customer, from … to.

    Active → Ending (``ends_at`` is set: the 1st of the next month, GMT+08:00) → Ended. An assignment
    whose ``ends_at`` has passed holds no more, whether or not the job has written ``ended_at`` yet
    (04-ASG-04).
    """

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="assignments"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(
        max_length=16, choices=AssignmentOrigin, default=AssignmentOrigin.SINGLE
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(ended_at=None),
                name="manager_assignment_one_live_per_association",
            )
        ]
        indexes = [
            models.Index(
                fields=["manager"],
                condition=models.Q(ended_at=None),
                name="manager_assignment_live",
            ),
            models.Index(
                fields=["account", "association"],
                include=["ends_at", "manager"],
                condition=models.Q(ended_at=None),
                name="manager_assignment_of_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager} looks after {self.association.customer}"


class AssignmentBatch(TenantOwned):
    """Many customers assigned, transferred or unassigned in one go; a task works the rows off."""

    kind = models.CharField(max_length=16, choices=BatchKind)
    status = models.CharField(max_length=16, choices=BatchStatus, default=BatchStatus.WAITING)
    #: Who looks after the customers afterwards; nobody after an unassignment.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: Of a transfer: who looked after them before.
    source = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = _("assignment batches")
        indexes = [models.Index(fields=["account", "-created_at"], name="assignment_batch_partner")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.total}"


class AssignmentBatchRow(TenantOwned):
    """What the batch did with one customer."""

    batch = models.ForeignKey(AssignmentBatch, on_delete=models.PROTECT, related_name="rows")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=RowOutcome, default=RowOutcome.WAITING)
    message = models.CharField(max_length=256, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "association"], name="assignment_batch_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.association_id}: {self.outcome}"
