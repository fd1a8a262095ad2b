"""Customer development: pre-registrations, invitations, links, campaigns (04 §8.2.2)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partner_center.actors import Actor, Scope
from partner_center.masking import mask_email, mask_name
from partner_center.tenancy import TenantOwned, TenantQuerySet

from ..choices import (
    AssociationModel,
    InvitationMethod,
    InvitationStatus,
    PreRegistrationStatus,
)

#: Pending review and Pre-registered: what counts towards the limit of a partner (04-PRE-04).
OPEN_PREREGISTRATIONS = (
    PreRegistrationStatus.PENDING_REVIEW,
    PreRegistrationStatus.REGISTERED,
)


def new_token() -> str:
    """A token that cannot be guessed, for addresses that people get by e-mail or scan."""
    return secrets.token_urlsafe(32)


class OwnedQuerySet(TenantQuerySet):
    """Rows that belong to the member of a partner who looks after them (04-PRE, HIS)."""

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own; account managers see theirs, directors those of their managers."""
        own = super().visible_to(actor)
        if actor.scope == Scope.ALL:
            return own
        users = actor.team if actor.scope == Scope.TEAM else {actor.user_id}
        return own.filter(manager__in=users)

    def of_email(self, email: str) -> Self:
        """Rows of one e-mail address, in any case; uses the index over lower-case addresses."""
        return self.alias(address=Lower("email")).filter(address=Lower(models.Value(email)))


class PreRegistration(TenantOwned):
    """A partner reserves a potential customer for 15 days (04 §8.2.2.1).

    A row whose ``expires_at`` has passed reserves nothing, whether or not the job has written
    Expired yet.
    """

    customer_name = models.CharField(_("Customer Name"), max_length=100)
    email = models.EmailField(_("Email"), max_length=254)
    mobile = models.CharField(_("Mobile Number"), max_length=20)
    model = models.CharField(
        _("Association Type"),
        max_length=16,
        choices=AssociationModel,
        default=AssociationModel.RESELLER,
    )
    status = models.CharField(max_length=16, choices=PreRegistrationStatus)
    remarks = models.CharField(_("Remarks"), max_length=256, blank=True)
    #: Who pre-registered, and gets the customer when it associates (04-AMG-03, OPP-01).
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    #: Preregistration Date: creation, or approval after a review (D-32).
    registered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    #: The account that associated.
    customer = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the reviewer reads and says (04-PRE-15, D-33)
    wants_invitation = models.BooleanField(default=True)
    reasons = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    company = models.CharField(_("Company"), max_length=128, blank=True)
    country = CountryField(_("Country/Region"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    industry = models.CharField(_("Industry"), max_length=32, blank=True)
    justification = models.CharField(_("Relationship and Reason"), max_length=1000, blank=True)
    attachment = models.FileField(_("Attachment"), upload_to="preregistrations/", blank=True)
    attachment_name = models.CharField(max_length=255, blank=True)
    review_due_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=256, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = "pre-registration"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(status="registered"),
                name="preregistration_one_valid_per_email",
            ),
            models.UniqueConstraint(
                "account",
                Lower("email"),
                condition=models.Q(status__in=["pending_review", "registered"]),
                name="preregistration_one_open_per_partner_and_email",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="registered")
                | models.Q(registered_at__isnull=False, expires_at__isnull=False),
                name="preregistration_registered_has_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="preregistration_partner"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status="registered"),
                name="preregistration_to_expire",
            ),
        ]

    def __str__(self) -> str:
        """What lists, dialogs and records call the row: nobody's full name or address."""
        return f"{mask_name(self.customer_name)} ({mask_email(self.email)})"


class CampaignQuerySet(models.QuerySet):
    """Campaigns of the operator; they belong to no partner."""

    def running(self, moment: datetime) -> Self:
        """Campaigns that have started and have not ended."""
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class Campaign(models.Model):
    """A promotional campaign of the operator; its links hold while it runs (04-LNK-09)."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    created_at = models.DateTimeField(editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="campaign_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LinkQuerySet(TenantQuerySet):
    """Links, as far as the actor's scope reaches."""

    def visible_to(self, actor: Actor) -> Self:
        """The partner's own; account managers see theirs, directors those of their managers."""
        own = super().visible_to(actor)
        if actor.scope == Scope.ALL:
            return own
        users = actor.team if actor.scope == Scope.TEAM else {actor.user_id}
        return own.filter(models.Q(manager__in=users) | models.Q(created_by__in=users))


class InvitationLink(TenantOwned):
    """A link (and its QR code) that anybody may open: general, customized or promotional."""

    method = models.CharField(max_length=16, choices=InvitationMethod)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    model = models.CharField(
        _("Association Type"),
        max_length=16,
        choices=AssociationModel,
        default=AssociationModel.RESELLER,
    )
    custom_tag = models.CharField(max_length=64)
    remarks = models.CharField(max_length=100, blank=True)
    #: Who looks after customers that come through it; nobody for a partner's main account.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by"],
                condition=models.Q(method="general"),
                name="invitation_link_one_general_per_user",
            ),
            models.UniqueConstraint(
                fields=["created_by", "campaign"],
                condition=models.Q(method="promotion"),
                name="invitation_link_one_per_user_and_campaign",
            ),
            models.CheckConstraint(
                condition=models.Q(method="promotion", campaign__isnull=False)
                | (~models.Q(method="promotion") & models.Q(campaign=None)),
                name="invitation_link_campaign_iff_promotion",
            ),
        ]
        indexes = [models.Index(fields=["account", "-created_at"], name="invitation_link_partner")]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.custom_tag}"


class Invitation(TenantOwned):
    """One invited customer: an e-mail that was sent, or an account that came through a link.

    Of an e-mailed link only the digest of its token is kept; sending it again replaces the digest,
    so that the old link is dead (04 §8.2.2.4).
    """

    method = models.CharField(max_length=16, choices=InvitationMethod)
    #: SHA-256 of the token, hexadecimal; empty for customers who came through a link.
    token_digest = models.CharField(max_length=64, blank=True, editable=False)
    preregistration = models.ForeignKey(
        PreRegistration, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    link = models.ForeignKey(
        InvitationLink, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    model = models.CharField(_("Association Type"), max_length=16, choices=AssociationModel)
    customer_name = models.CharField(max_length=128, blank=True)
    email = models.EmailField(max_length=254)
    custom_tag = models.CharField(max_length=64, blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(
        max_length=16, choices=InvitationStatus, default=InvitationStatus.INVITED
    )
    #: Codes of ``customers.causes``, in the order they were found (AF01-AF20).
    causes = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    #: Never for customers who came through a link.
    expires_at = models.DateTimeField(null=True, blank=True)
    #: The account that used the invitation, associated or not.
    customer = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token_digest"],
                condition=~models.Q(token_digest=""),
                name="invitation_token_unique",
            ),
            models.UniqueConstraint(
                fields=["preregistration"],
                condition=models.Q(status="invited"),
                name="invitation_one_open_per_preregistration",
            ),
            models.UniqueConstraint(
                fields=["link", "customer"],
                condition=models.Q(link__isnull=False),
                name="invitation_one_per_link_and_customer",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-invited_at"], name="invitation_partner"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status="invited"),
                name="invitation_to_expire",
            ),
        ]

    def __str__(self) -> str:
        """What lists, dialogs and records call the row: nobody's full name or address."""
        return f"{mask_name(self.customer_name)} ({mask_email(self.email)})"


class ReferralExclusion(models.Model):
    """Partners registered in one country may not refer customers of another (AF15)."""

    partner_country = CountryField(_("country/region of the partner"))
    customer_country = CountryField(_("country/region of the customer"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner_country", "customer_country"], name="referral_exclusion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_country}: no Referral in {self.customer_country}"
