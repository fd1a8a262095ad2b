"""Associations of customers with partners and their records (04 §8.3.1)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor, Scope
from partner_center.tenancy import TenantOwned, TenantQuerySet
from partner_center.trigrams import TrigramIndex

from ..choices import AssociationModel, AssociationSource, Purpose, RequestStatus, Side


class AssociationQuerySet(TenantQuerySet):
    """Associations, with the account-manager scope (02-ROL-06, ROL-07, S-06)."""

    def live(self) -> Self:
        """Associations that have not ended."""
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own, narrowed to what the actor's roles let it see."""
        return super().visible_to(actor).within_scope(actor)  # type: ignore[attr-defined]

    def within_scope(self, actor: Actor, reference: str = "pk") -> Self:
        """Only rows whose association (at ``reference``) the actor's scope covers."""
        if actor.scope == Scope.ALL:
            return self
        from .assignment import ManagerAssignment

        users = actor.team if actor.scope == Scope.TEAM else {actor.user_id}
        return self.filter(
            models.Exists(
                ManagerAssignment.objects.live().filter(
                    association=models.OuterRef(reference), manager__in=users
                )
            )
        )


class Association(TenantOwned):
    """A customer works with a partner; ``account`` is the partner. One live one per customer."""

    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(
        _("Association Type"),
        max_length=16,
        choices=AssociationModel,
        default=AssociationModel.RESELLER,
    )
    source = models.CharField(
        max_length=16, choices=AssociationSource, default=AssociationSource.TICKET
    )
    custom_tag = models.CharField(max_length=64, blank=True)
    #: The distributor of the partner at the moment of association, if it is a reseller (08-CSA-26).
    distributor = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The customer on the partner's own sales platform (API B.4).
    xaccount_id = models.CharField(max_length=64, blank=True)
    xaccount_type = models.CharField(max_length=64, blank=True)
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
            models.UniqueConstraint(
                fields=["account", "xaccount_type", "xaccount_id"],
                condition=~models.Q(xaccount_id=""),
                name="association_xaccount_unique",
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("customer")),
                name="association_not_with_itself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "-associated_at", "-id"],
                condition=models.Q(ended_at=None),
                name="association_live_of_partner",
            ),
            models.Index(
                fields=["account", "custom_tag", "id"],
                condition=models.Q(ended_at=None),
                name="association_live_by_tag",
            ),
            models.Index(
                fields=["account", "model", "-associated_at", "-id"],
                condition=models.Q(ended_at=None),
                name="association_live_by_model",
            ),
            # Searched by parts.
            TrigramIndex("custom_tag", name="association_tag_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} with {self.account}"


class RequestQuerySet(AssociationQuerySet):
    """Association records, in the scope of the association they are about."""

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own, as far as the actor sees the customer."""
        return TenantQuerySet.visible_to(self, actor).within_scope(actor, "association")

    def open(self) -> Self:
        """Records that somebody still has to decide."""
        return self.filter(status__in=[RequestStatus.PENDING_REVIEW, RequestStatus.PENDING])


class AssociationRequest(TenantOwned):
    """One association record: an association, a change of its model or a disassociation.

    ``account`` is the partner. A record is decided once; what was decided never changes. ``checks``
    keeps what the account check said at submission (04-ASC-06, ASC-08, 08-CSD-13, CSD-15).
    """

    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    #: Empty while the association that is asked for does not exist.
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    #: The invitation through which the association is asked for, if one was (08-CSA-17, X-03).
    invitation = models.ForeignKey(
        "customers.Invitation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=16, choices=Purpose)
    #: The model that holds once the request is completed.
    model = models.CharField(_("Association Type"), max_length=16, choices=AssociationModel)
    initiator = models.CharField(max_length=16, choices=Side)
    status = models.CharField(max_length=16, choices=RequestStatus)
    reason = models.CharField(max_length=256, blank=True)
    checks = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    #: What whoever decided wrote to the other side.
    answer = models.CharField(max_length=256, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "customer"],
                condition=models.Q(status__in=["pending_review", "pending"]),
                name="association_request_one_open_per_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["pending_review", "pending"], decided_at=None)
                | models.Q(
                    status__in=["completed", "rejected", "canceled"], decided_at__isnull=False
                ),
                name="association_request_decided_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-requested_at"], name="association_request_partner"),
            models.Index(fields=["customer", "-requested_at"], name="association_request_customer"),
            models.Index(
                fields=["status"],
                condition=models.Q(status__in=["pending_review", "pending"]),
                name="association_request_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.customer} and {self.account}"
