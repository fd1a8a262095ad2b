"""Freeze holds, the state derived from them, and their records (04 "Joined model")."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from customers.models import Association
from customers.models.control import OfCustomerQuerySet
from partner_center.tenancy import TenantOwned

from .choices import FreezeAction, FreezeStatus, HoldOwner, Strength


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
