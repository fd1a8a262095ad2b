"""Budgets and freeze holds, what is derived from them, and their records (04 "Joined model")."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Association
from customers.models.control import OfCustomerQuerySet
from partner_center.amounts import AmountField
from partner_center.tenancy import TenantOwned

from .choices import (
    AdjustmentSource,
    AlertKind,
    BudgetType,
    ExhaustionAction,
    FreezeAction,
    FreezeStatus,
    HoldOwner,
    Strength,
)


class FreezeHold(TenantOwned):
    """One reason why a customer is frozen; ``account`` is the partner.

    A hold is placed and released, never changed: the database refuses anything else. A stronger hold
    of the same owner replaces the weaker one.
    """

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="freeze_holds"
    )
    owner = models.CharField(max_length=16, choices=HoldOwner)
    strength = models.CharField(max_length=16, choices=Strength)
    reason = models.CharField(max_length=256)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    placed_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    #: Until when resources that this hold freezes are kept; absent when it freezes the account only.
    retention_until = models.DateTimeField(null=True, blank=True)
    #: What it froze has been released: the check does not place a stronger one again.
    after_release = models.BooleanField(db_default=False)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association", "owner"],
                condition=models.Q(released_at=None),
                name="freeze_hold_one_live_per_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(strength="account", retention_until=None)
                | models.Q(strength="resources", retention_until__isnull=False),
                name="freeze_hold_retains_resources",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "owner"],
                condition=models.Q(released_at=None),
                name="freeze_hold_live_of_partner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_owner_display()}: {self.get_strength_display()}"


class FreezeState(TenantOwned):
    """The freeze state of one association; ``account`` is the partner.

    Derived from the live holds by the database itself, which refuses a state that disagrees with
    them. Every association has its row from its first moment on.
    """

    association = models.OneToOneField(
        Association, on_delete=models.PROTECT, primary_key=True, related_name="freeze_state"
    )
    state = models.CharField(max_length=16, choices=FreezeStatus, default=FreezeStatus.NORMAL)
    #: A budget hold is live (04-BFM-17, D-59).
    automatically_frozen = models.BooleanField(default=False)
    #: When the state last changed.
    since = models.DateTimeField()

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "state"], name="freeze_state_of_partner")]

    def __str__(self) -> str:
        return str(self.get_state_display())


class FreezeRecord(TenantOwned):
    """What changed the holds of one customer; ``account`` is the partner. Append-only (04-BFM-14)."""

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="freeze_records"
    )
    action = models.CharField(max_length=24, choices=FreezeAction)
    before = models.CharField(max_length=16, choices=FreezeStatus)
    after = models.CharField(max_length=16, choices=FreezeStatus)
    #: Whose doing it was; an Unfreeze is that of the side that unfroze.
    origin = models.CharField(max_length=16, choices=HoldOwner)
    reason = models.CharField(max_length=256)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=128)
    at = models.DateTimeField()
    code_verified = models.BooleanField(default=False)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["association", "-at"], name="freeze_record_association")]

    def __str__(self) -> str:
        return str(self.get_action_display())


class Budget(TenantOwned):
    """The one budget of an association (04-BFM-01); ``account`` is the partner. Amount 0: withdrawn.

    It is set anew in place; :class:`BudgetAdjustment` keeps what was before. USD at list price.
    """

    association = models.OneToOneField(
        Association, on_delete=models.PROTECT, primary_key=True, related_name="budget"
    )
    #: That of the association, which never changes: spend is found by it.
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=8, choices=BudgetType)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    action = models.CharField(max_length=16, choices=ExhaustionAction)
    #: First billing cycle (YYYY-MM) whose spend a one-time budget counts (04-ONE-11, D-09).
    counts_from = models.CharField(max_length=7)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    #: Period (04-BFM-05) that ``level`` belongs to: the billing cycle, empty for a one-time budget.
    period = models.CharField(max_length=7, blank=True)
    #: Highest threshold, in percent, that was reached in the period and told; 0 for none.
    level = models.PositiveSmallIntegerField(default=0)
    #: Counts how often thresholds were armed anew, so that an alert exists once for each arming.
    arming = models.PositiveIntegerField(default=0)
    #: Day of exhaustion that was told last in ``period``; absent when none was.
    forecast_told = models.DateField(null=True, blank=True)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="budget_amount_not_negative"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], name="budget_of_customer"),
            models.Index(fields=["account", "type"], name="budget_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.amount}"


class BudgetAdjustment(TenantOwned):
    """One change of a budget (04-BUD-08, BFM-14); ``account`` is the partner. Append-only."""

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="budget_adjustments"
    )
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=128)
    type_before = models.CharField(max_length=8, choices=BudgetType, blank=True)
    type_after = models.CharField(max_length=8, choices=BudgetType)
    #: Absent where no budget was before.
    before = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    after = models.DecimalField(max_digits=12, decimal_places=2)
    action_before = models.CharField(max_length=16, choices=ExhaustionAction, blank=True)
    action_after = models.CharField(max_length=16, choices=ExhaustionAction)
    #: What the new budget counted as used at that moment.
    used = AmountField()
    unfrozen = models.BooleanField(default=False)
    source = models.CharField(max_length=16, choices=AdjustmentSource)
    #: Version of the agreement that was agreed to with it, for the action that asks for it.
    agreement = models.CharField(max_length=16, blank=True)
    code_verified = models.BooleanField(default=False)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["association", "-at"], name="budget_adjustment_of")]

    def __str__(self) -> str:
        return f"{self.get_type_after_display()}: {self.after}"


class BudgetAlert(TenantOwned):
    """The ledger of alerts: what was to be told about a budget, once. Append-only.

    ``account`` is the partner; alerts about the partner itself have no association. Written in the
    transaction that finds it out; who was told, and when, stands in the notice of its :attr:`key`.
    """

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, related_name="budget_alerts"
    )
    kind = models.CharField(max_length=16, choices=AlertKind)
    #: Percent of the threshold; absent for other kinds.
    threshold = models.PositiveSmallIntegerField(null=True)
    budget_type = models.CharField(max_length=8, choices=BudgetType, blank=True)
    period = models.CharField(max_length=7, blank=True)
    arming = models.PositiveIntegerField(default=0)
    #: Of the budget, or of the partner's quota; 0 where the alert is about neither.
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    used = AmountField()
    action = models.CharField(max_length=16, choices=ExhaustionAction, blank=True)
    #: The hold that was placed at the same time; absent when nothing was frozen.
    hold = models.ForeignKey(FreezeHold, on_delete=models.PROTECT, null=True, related_name="alerts")
    #: Expected day of exhaustion, of forecasts.
    exhausts_on = models.DateField(null=True)
    at = models.DateTimeField()

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association", "budget_type", "period", "arming", "threshold"],
                condition=models.Q(kind="threshold"),
                name="budget_alert_once_per_threshold",
            ),
            models.UniqueConstraint(
                fields=["account", "arming", "threshold"],
                condition=models.Q(kind="quota"),
                name="budget_alert_once_per_quota",
            ),
            models.UniqueConstraint(
                fields=["account", "period"],
                condition=models.Q(kind="month_turn"),
                name="budget_alert_once_per_turn",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    association__isnull=True, kind__in=[AlertKind.QUOTA, AlertKind.MONTH_TURN]
                )
                | models.Q(association__isnull=False)
                & ~models.Q(kind__in=[AlertKind.QUOTA, AlertKind.MONTH_TURN]),
                name="budget_alert_names_its_customer",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="budget_alert_of_partner"),
            models.Index(fields=["association", "-at"], name="budget_alert_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.threshold or ''}".strip()

    @property
    def key(self) -> str:
        """Key of its notices, in the partner's account and in its distributor's."""
        return f"budget-alert:{self.pk}"


class PendingAlert(models.Model):
    """An alert whose messages are not queued yet; goes in the transaction that queues them."""

    alert = models.OneToOneField(BudgetAlert, on_delete=models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return str(self.alert_id)


class PendingCheck(models.Model):
    """A customer whose spend or budget has changed: its budget is looked at next (04-BFM-04).

    Written in the transaction of the change, gone in that of the check: a killed worker loses none.
    """

    customer = models.ForeignKey(
        settings.TENANT_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.customer_id)


class ConsumptionQuota(models.Model):
    """The most that a partner may owe the operator (01-QTA-02, 06-DX-12); USD at list price.

    Of providers and distributors, which pay for their own customers of the Reseller model and for
    those of their resellers. A partner without a row, or without an amount, has no limit.
    """

    account = models.OneToOneField(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="consumption_quota",
    )
    amount = models.DecimalField(
        _("quota (USD)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    #: First billing cycle (YYYY-MM) whose spend counts: that in which the quota was first set.
    counts_from = models.CharField(_("counts from"), max_length=7)
    #: What of the spend since then is settled, at list price: a bill settles its cycle as it is paid.
    settled = models.DecimalField(
        _("settled (USD)"), max_digits=20, decimal_places=2, default=Decimal(0)
    )
    #: What the partner has paid in advance: the balance of its top-up account.
    prepaid = models.DecimalField(
        _("paid in advance (USD)"), max_digits=20, decimal_places=2, default=Decimal(0)
    )
    set_at = models.DateTimeField(_("set at"))
    #: Highest level, in percent, that usage has reached and that was told; at 100 purchases are refused.
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    #: Counts how often levels were armed anew, so that each crossing is told once.
    arming = models.PositiveIntegerField(default=0)
    restricted_since = models.DateTimeField(_("restricted since"), null=True, blank=True)

    class Meta:
        verbose_name_plural = "consumption quotas"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gt=0),
                name="consumption_quota_amount_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(settled__gte=0), name="consumption_quota_settled_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(prepaid__gte=0), name="consumption_quota_prepaid_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Quota of {self.account}"


class AlertSettings(models.Model):
    """What a partner wants to be told beside the thresholds; without a row, everything."""

    account = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    forecasts = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "alert settings"

    def __str__(self) -> str:
        return f"Alert settings of {self.account}"
