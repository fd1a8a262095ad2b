"""What a partner may do for its customer: discounts (04 §8.3.1.8), authorizations (08 §10.6)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from partner_center.actors import Actor
from partner_center.tenancy import TenantOwned, TenantQuerySet

from ..choices import AuthorizationStatus, DiscountAction
from .association import Association, AssociationQuerySet


class OfCustomerQuerySet(AssociationQuerySet):
    """Rows about one association, in the scope of who looks after it."""

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own, as far as the actor sees the customer."""
        return TenantQuerySet.visible_to(self, actor).within_scope(actor, "association")


class PartnerDiscount(TenantOwned):
    """A general discount of a partner for one customer of the Referral model.

    ``starts_on`` and ``ends_on`` are days in GMT+08:00, both included. One present one per
    association; a replaced, deleted or ended one stays with ``closed_at``.
    """

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="discounts")
    percent = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(closed_at=None),
                name="partner_discount_one_present_per_association",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=1, percent__lte=25),
                name="partner_discount_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="partner_discount_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% for {self.association.customer}"


class DiscountRecord(TenantOwned):
    """Operation record of a discount; append-only (04-DSC-08)."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=16, choices=DiscountAction)
    percent = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    actor_name = models.CharField(max_length=128)
    at = models.DateTimeField()

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["association", "-at"], name="discount_record_association")]

    def __str__(self) -> str:
        return f"{self.action} {self.percent}%"


class OnBehalfAuthorization(TenantOwned):
    """A customer lets its partner order and operate on its behalf (08 §10.6).

    ``account`` is whoever was authorized: the partner, or the distributor of a reseller, which the
    customer authorizes separately (06-DX-09). One pending or accepted one per pair.
    """

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="authorizations"
    )
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=16, choices=AuthorizationStatus, default=AuthorizationStatus.PENDING
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    #: The customer's signature under the letter of authorization.
    signature = models.ForeignKey(
        "accounts.AgreementSignature",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=128, blank=True)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "customer"],
                condition=models.Q(status__in=["pending", "accepted"]),
                name="authorization_one_open_per_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="accepted")
                | models.Q(effective_at__isnull=False, expired_at=None),
                name="authorization_accepted_is_effective",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-requested_at"], name="authorization_customer")
        ]

    def __str__(self) -> str:
        return f"{self.account} for {self.customer}: {self.status}"
