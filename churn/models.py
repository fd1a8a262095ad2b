"""Customer Alerts and the runs of their daily evaluation (04 §8.3.5)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers.models import Association
from customers.models.association import AssociationQuerySet
from partner_center.actors import Actor, Scope
from partner_center.tenancy import TenantOwned, TenantQuerySet

from .choices import AlertStatus, AlertType, Feedback, LossReason, Scenario
from .rules import LONGEST_TEXT


class AlertQuerySet(AssociationQuerySet):
    """Alerts; account managers see those of their own customers, all others all (04-ALV-03)."""

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own, about customers it still has."""
        rows: Self = TenantQuerySet.visible_to(self, actor).filter(association__ended_at=None)  # type: ignore[assignment]
        return rows.within_scope(actor, "association") if actor.scope == Scope.OWN else rows

    def open(self) -> Self:
        """Alerts that nobody has handled yet."""
        return self.filter(status=AlertStatus.UNHANDLED)


class CustomerAlert(TenantOwned):
    """A customer may be leaving; ``account`` is its partner. Handled once, and final from then on.

    ``details`` hold the figures that set it off (rules.Drop.stored); its words are made from them.
    """

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="customer_alerts"
    )
    scenario = models.CharField(max_length=16, choices=Scenario)
    type = models.CharField(max_length=8, choices=AlertType, default=AlertType.LOSS)
    #: The day that was evaluated, GMT+08:00; the judged days lie before it.
    day = models.DateField()
    details = models.JSONField()
    raised_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=AlertStatus, default=AlertStatus.UNHANDLED)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    handled_by_name = models.CharField(max_length=255, blank=True)
    handled_at = models.DateTimeField(null=True)
    lost = models.BooleanField(null=True)
    #: A LossReason of a lost customer, else a Feedback.
    answer = models.CharField(max_length=16, blank=True)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "customer alert"
        constraints = [
            models.UniqueConstraint(
                fields=["association", "scenario"],
                condition=models.Q(status="unhandled"),
                name="customer_alert_one_open",
            ),
            models.UniqueConstraint(
                fields=["association", "scenario", "day"], name="customer_alert_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status="unhandled", handled_at=None, lost=None, answer="", text=""
                )
                | models.Q(status="handled", handled_at__isnull=False, lost__isnull=False)
                & ~models.Q(answer=""),
                name="customer_alert_handled_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-raised_at", "-id"], name="customer_alert_of_partner"),
            models.Index(fields=["day"], name="customer_alert_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.association.customer}, {self.day}"

    @property
    def title(self) -> str:
        """What has happened, in a few words."""
        first = self.details["drops"][0]
        return _("Usage of %(product)s fell on %(days)d of the last 7 days") % first

    @property
    def answer_label(self) -> str | Promise:
        """The reason or the feedback in words; empty while it is open."""
        if self.lost is None:
            return ""
        kind: Any = LossReason if self.lost else Feedback
        return kind(self.answer).label


class Evaluation(models.Model):
    """How far the evaluation of a day has come; a killed one is taken up again there."""

    day = models.DateField(primary_key=True)
    #: Key of the last association that was looked at.
    through = models.BigIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    #: When everybody who handles its alerts had been told.
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.day)
