"""Applications for real-name authentication, and the scans of certificates (API B.50 to B.53)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partner_center.tenancy import TenantOwned, TenantQuerySet
from partner_center.trigrams import TrigramIndex

from . import rules
from .choices import Identity, ReviewStatus

#: How long a file for the API waits to be named in an application.
UNUSED_FOR = timedelta(days=7)
#: Where the API says that files are: the bucket's folder of B.50.
API_FOLDER = "download/"
OPINION_LENGTH = 256


class ApplicationQuerySet(TenantQuerySet):
    """Applications; ``account`` is the customer whom they are about."""

    def open(self) -> Self:
        """Those that the operator still has to decide."""
        return self.filter(status=ReviewStatus.UNDER_REVIEW)

    def in_force(self) -> Self:
        """The approved ones: one for each account that is authenticated."""
        return self.filter(status=ReviewStatus.APPROVED)


class RealNameApplication(TenantOwned):
    """One application of an account, by the customer itself or by its partner.

    An account has one under review and one approved at most; the database holds both. Numbers are
    encrypted at rest; ``number_digest`` tells equal ones without telling them.
    """

    identity = models.PositiveSmallIntegerField(_("applicant"), choices=Identity)
    #: From individual to enterprise (API B.52).
    is_change = models.BooleanField(_("change to enterprise"), default=False)
    #: PersonalCertificate or EnterpriseCertificate, by ``identity``.
    certificate = models.PositiveSmallIntegerField(_("certificate"))
    name = models.CharField(_("name"), max_length=128)
    number_encrypted = models.TextField(editable=False)
    number_digest = models.CharField(max_length=64, editable=False)
    country = CountryField(_("country/region of registration"), blank=True)
    address = models.CharField(_("registered address"), max_length=256, blank=True)
    legal_person = models.CharField(_("legal person"), max_length=128, blank=True)
    legal_number_encrypted = models.TextField(blank=True, editable=False)

    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    #: The customer itself, or its partner.
    submitted_for = models.ForeignKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("submitted by account"),
    )
    submitted_at = models.DateTimeField(_("submitted"))
    status = models.CharField(
        max_length=16, choices=ReviewStatus, default=ReviewStatus.UNDER_REVIEW
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    opinion = models.CharField(_("opinion"), max_length=OPINION_LENGTH, blank=True)
    #: The operator accepts this certificate number from nobody any more.
    bars_number = models.BooleanField(_("certificate barred"), default=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "real-name application"
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(status="under_review"),
                name="realname_one_under_review_per_account",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(status="approved"),
                name="realname_one_approved_per_account",
            ),
            models.CheckConstraint(
                condition=models.Q(status="under_review", reviewed_at=None)
                | (~models.Q(status="under_review") & models.Q(reviewed_at__isnull=False)),
                name="realname_decided_or_under_review",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="rejected") | ~models.Q(opinion=""),
                name="realname_rejected_with_an_opinion",
            ),
            models.CheckConstraint(
                condition=models.Q(bars_number=False) | models.Q(status="rejected"),
                name="realname_barred_when_rejected",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="realname_account"),
            models.Index(fields=["number_digest"], name="realname_number"),
            # Of all states: for an index of some rows the planner would guess how many match.
            TrigramIndex("name", name="realname_name_parts"),
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(status="under_review"),
                name="realname_to_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_identity_display()})"

    @property
    def certificate_label(self) -> str:
        """The certificate in words."""
        return rules.certificate_label(self.identity, self.certificate)


class ScanQuerySet(TenantQuerySet):
    """Scans; ``account`` is who uploaded them."""

    def waiting(self, moment: datetime) -> Self:
        """Files for the API that no application has named yet and that have not expired."""
        return self.filter(application=None, uploaded_at__gt=moment - UNUSED_FOR)

    def expired(self, moment: datetime) -> Self:
        """Files for the API that were not named in time."""
        return self.filter(application=None, uploaded_at__lte=moment - UNUSED_FOR)


class CertificateScan(TenantOwned):
    """One scan: page ``position`` of an application, or a file that waits for the API to name it."""

    application = models.ForeignKey(
        RealNameApplication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scans",
    )
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="certificates/")
    #: The file's random name in the API; empty for scans that came with a form.
    api_name = models.CharField(max_length=64, blank=True)
    original_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField(help_text="bytes")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    objects = ScanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["api_name"],
                condition=~models.Q(api_name=""),
                name="certificate_scan_api_name_unique",
            ),
            models.UniqueConstraint(
                fields=["application", "position"],
                condition=models.Q(application__isnull=False),
                name="certificate_scan_one_per_position",
            ),
            models.CheckConstraint(
                condition=models.Q(application__isnull=False) | ~models.Q(api_name=""),
                name="certificate_scan_used_or_for_the_api",
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=models.Q(application=None),
                name="certificate_scan_waiting",
            ),
            models.Index(fields=["account", "-id"], name="certificate_scan_account"),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def relative_url(self) -> str:
        """What ``verified_file_url`` of the API names."""
        return f"{API_FOLDER}{self.api_name}"

    @property
    def expires_at(self) -> datetime:
        """When it goes, if no application names it."""
        return self.uploaded_at + UNUSED_FOR
