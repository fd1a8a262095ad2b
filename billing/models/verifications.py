"""What verifying the books of a cycle, or the proof of one bill, has found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..choices import VerificationState
from .bills import Bill


class Verification(models.Model):
    """A verification that the operator asked for: of a cycle, or of one bill of it."""

    cycle = models.CharField(_("billing cycle"), max_length=7)
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    state = models.CharField(
        max_length=16, choices=VerificationState, default=VerificationState.WAITING
    )
    #: What was asked, each with the number of rows that break it and the first of them by name.
    findings = models.JSONField(default=list)
    #: Why it could not be carried out.
    failure = models.CharField(max_length=500, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "bill"],
                condition=models.Q(state="waiting"),
                nulls_distinct=False,
                name="verification_waits_once",
            )
        ]
        indexes = [models.Index(fields=["bill", "-id"], name="verification_of_bill")]

    def __str__(self) -> str:
        return self.bill.number if self.bill else self.cycle

    @property
    def broken(self) -> list[str]:
        """What does not hold, in words."""
        return [finding["what"] for finding in self.findings if finding["count"]]
