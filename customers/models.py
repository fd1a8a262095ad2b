"""Associations of customers with partners, and who looks after them (04 §8.3.1)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from partner_center.actors import Actor, Scope
from partner_center.tenancy import TenantOwned, TenantQuerySet

from .choices import AssociationModel


class AssociationQuerySet(TenantQuerySet):
    """Associations, with the account-manager scope (02-ROL-06, ROL-07, S-06)."""

    def live(self) -> Self:
        """Associations that have not ended."""
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own, narrowed to what the actor's roles let it see."""
        own = super().visible_to(actor)
        if actor.scope == Scope.ALL:
            return own
        users = actor.team if actor.scope == Scope.TEAM else {actor.user_id}
        return own.filter(
            models.Exists(
                ManagerAssignment.objects.filter(
                    association=models.OuterRef("pk"), ended_at=None, manager__in=users
                )
            )
        )


class Association(TenantOwned):
    """A customer works with a partner; ``account`` is the partner. One live one per customer."""

    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(
        max_length=16, choices=AssociationModel, default=AssociationModel.RESELLER
    )
    associated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(ended_at=None),
                name="association_one_live_per_customer",
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("customer")),
                name="association_not_with_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} with {self.account}"


class ManagerAssignment(TenantOwned):
    """An account manager (or director) looks after a customer, from … to."""

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="assignments"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

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
            )
        ]

    def __str__(self) -> str:
        return f"{self.manager} looks after {self.association.customer}"
