"""Distributors and their resellers (06 §9.2.1; 01-RSA)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partner_center.masking import mask_email
from partner_center.tenancy import TenantOwned

from .choices import (
    OPEN,
    SENDABLE,
    UNDER_WAY,
    WITHDRAWABLE,
    BreachConsequence,
    InvitationStatus,
)


class ResellerAssociation(TenantOwned):
    """A reseller works under a distributor; ``account`` is the distributor. One live one each."""

    reseller = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    associated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reseller"],
                condition=models.Q(ended_at=None),
                name="reseller_association_one_live_per_reseller",
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("reseller")),
                name="reseller_association_not_with_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller} under {self.account}"


class ResellerBudgetGrant(TenantOwned):
    """The distributor lets its reseller set budgets and freeze, within quotas (06 §9.2.1.2).

    One current per association; changed quotas close the row and open the next, so the rows are the
    history. Quotas are USD at list price; an absent quota means that budgets of this type cannot be
    set (06-PRM-11).
    """

    association = models.ForeignKey(
        ResellerAssociation, on_delete=models.PROTECT, related_name="budget_grants"
    )
    monthly_quota = models.DecimalField(
        _("monthly quota (USD)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    one_time_quota = models.DecimalField(
        _("one-time quota (USD)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(closed_at=None),
                name="budget_grant_one_current_per_reseller",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_quota__gte=0) | models.Q(one_time_quota__gte=0),
                name="budget_grant_has_a_quota",
            ),
            models.CheckConstraint(
                condition=(models.Q(monthly_quota=None) | models.Q(monthly_quota__gte=0))
                & (models.Q(one_time_quota=None) | models.Q(one_time_quota__gte=0)),
                name="budget_grant_quotas_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"Budgets by {self.association.reseller}"


class ResellerOnBehalfGrant(TenantOwned):
    """The distributor lets its reseller order and operate for customers (06 §9.2.1.3).

    One current per association; a withdrawn one stays with ``closed_at``.
    """

    association = models.ForeignKey(
        ResellerAssociation, on_delete=models.PROTECT, related_name="on_behalf_grants"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reseller on-behalf grant")
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(closed_at=None),
                name="on_behalf_grant_one_current_per_reseller",
            )
        ]

    def __str__(self) -> str:
        return f"On behalf of customers by {self.association.reseller}"


class ResellerInvitation(TenantOwned):
    """A distributor invites somebody to become its reseller; ``account`` is the distributor.

    Of the link only a digest is kept: sending the e-mail again makes a new link, and the old one
    leads nowhere. ``expires_at`` counts until an account has answered (06 C-26).
    """

    email = models.EmailField(max_length=254)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(
        max_length=16, choices=InvitationStatus, default=InvitationStatus.INVITED
    )
    #: RestrictionCause codes while the association is restricted.
    causes = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    #: The account that answered.
    reseller = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    association = models.OneToOneField(
        ResellerAssociation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    #: When the request was last filed (Associating) and last decided.
    requested_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("account"),
                Lower("email"),
                condition=models.Q(status__in=[str(status) for status in OPEN]),
                name="reseller_invitation_one_open_per_email",
            ),
            models.UniqueConstraint(
                fields=["reseller"],
                condition=models.Q(status__in=[str(status) for status in UNDER_WAY]),
                name="reseller_invitation_one_under_way_per_account",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["registered", "associating", "restricted"])
                | models.Q(reseller__isnull=False),
                name="reseller_invitation_answered_by_an_account",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="associated") | models.Q(association__isnull=False),
                name="reseller_invitation_associated_has_its_association",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-invited_at", "-id"], name="reseller_invitation_list"),
            models.Index(
                fields=["requested_at"],
                condition=models.Q(status="associating"),
                name="reseller_invitation_waiting",
            ),
        ]

    def __str__(self) -> str:
        """Masked, because lists name their rows by it."""
        return mask_email(self.email)

    @property
    def may_be_sent(self) -> bool:
        """Whether Resend Invitation is possible (06-RSL-06)."""
        return self.status in SENDABLE

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether nobody has been associated by it, or is being."""
        return self.status in WITHDRAWABLE


class LetterBreach(TenantOwned):
    """What the operator did about a breach of the commitment letter; append-only (08-DCL-03).

    ``account`` is the distributor that accepted the letter.
    """

    association = models.ForeignKey(
        ResellerAssociation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reseller"),
    )
    consequence = models.CharField(_("consequence"), max_length=16, choices=BreachConsequence)
    facts = models.TextField(_("what happened"), max_length=1000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name_plural = "breaches of the commitment letter"
        indexes = [models.Index(fields=["account", "-recorded_at"], name="letter_breach_account")]

    def __str__(self) -> str:
        return f"{self.get_consequence_display()}: {self.account}"
