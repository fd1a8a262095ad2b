"""Choices of real-name authentication. The figures are those of the API (B.1, B.50 to B.53)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Identity(IntegerChoices):
    """Who is authenticated; also ``customer_type`` of the API."""

    INDIVIDUAL = 0, _("Individual")
    ENTERPRISE = 1, _("Enterprise")


class PersonalCertificate(IntegerChoices):
    """``verified_type``."""

    PASSPORT = 3, _("Passport")
    HK_MACAO_PERMIT = 5, _("Travel permit for Hong Kong and Macao residents")
    TAIWAN_PERMIT = 6, _("Travel permit for Taiwan residents")
    HK_MACAO_RESIDENCE = 9, _("Residence permit for Hong Kong and Macao residents")
    TAIWAN_RESIDENCE = 10, _("Residence permit for Taiwan residents")


class EnterpriseCertificate(IntegerChoices):
    """``certificate_type``."""

    BUSINESS_LICENCE = 0, _("Business licence")
    PUBLIC_INSTITUTION = 1, _("Public-institution certificate")
    SOCIAL_ORGANISATION = 2, _("Social-organisation certificate")
    ADMINISTRATIVE = 3, _("Administrative enforcement certificate")
    ORGANISATION_CODE = 4, _("Organisation code certificate")
    OTHER = 99, _("Other")


class ReviewStatus(TextChoices):
    """States of an application. Replaced: approved once, and another one was approved later."""

    UNDER_REVIEW = "under_review", _("Under review")
    REJECTED = "rejected", _("Rejected")
    APPROVED = "approved", _("Approved")
    REPLACED = "replaced", _("Replaced")


class VerifiedStatus(IntegerChoices):
    """What is known of an account; ``verified_status`` of the API. 3 (failed) never happens here."""

    NONE = -1, _("Not authenticated")
    UNDER_REVIEW = 0, _("Under review")
    REJECTED = 1, _("Rejected")
    AUTHENTICATED = 2, _("Authenticated")
