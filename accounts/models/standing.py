"""What the operator knows of an account beyond its registration, and what it grants a partner."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..choices import Contract, CustomerLevel, Watchlist

#: Whole percent; no partner may grant more (04-DSC-05).
HIGHEST_DISCOUNT = 25
#: Whole percent of the adjusted amount, unless the operator says otherwise (04 D-26: 38.50 of 154.00).
ESTIMATED_REBATE = 25


def _amount(label: object) -> models.DecimalField:
    """An amount in USD, never below zero."""
    return models.DecimalField(
        label,  # type: ignore[arg-type]
        max_digits=20,
        decimal_places=8,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )


class AccountStanding(models.Model):
    """Facts that decide whether an account may be reserved, associated or released.

    Sales facts are kept by the operator's staff; charging facts (cash spend, overdue amount,
    reserved instances and so on) are what the operator's charging says of the account. An account
    without a row has none of it (04-PRE-02, PRE-03, AF01-AF20; 08-CSA-17, CSA-18, CSD-04 to CSD-09;
    01-RSL-04).
    """

    account = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    level = models.CharField(
        _("customer level"), max_length=2, choices=CustomerLevel, default=CustomerLevel.V0
    )
    # Sales
    on_mainland_site = models.BooleanField(
        _("registered on the Chinese mainland site"), default=False
    )
    followed_by_direct_sales = models.BooleanField(_("followed up by direct sales"), default=False)
    with_online_sales = models.BooleanField(_("belongs to the online sales team"), default=False)
    preregistered_by_operator = models.BooleanField(
        _("preregistered by a business developer of the operator"), default=False
    )
    is_internal = models.BooleanField(_("operator-internal account"), default=False)
    contract = models.CharField(
        _("special contract"), max_length=16, choices=Contract, blank=True, default=""
    )
    has_commerce_contract = models.BooleanField(
        _("special commerce contract in force"), default=False
    )
    has_service_contract = models.BooleanField(_("professional-service contract"), default=False)
    watchlist = models.CharField(
        _("blacklist or yellow list"), max_length=8, choices=Watchlist, blank=True, default=""
    )
    #: Master of a unified accounting model; independent members stand in EnterpriseMember.
    is_enterprise_master = models.BooleanField(_("enterprise master"), default=False)
    # Charging
    has_cash_spend = models.BooleanField(_("cash expenditure records"), default=False)
    overdue = _amount(_("overdue amount (USD)"))
    balance = _amount(_("top-up account balance (USD)"))
    uninvoiced = _amount(_("outstanding invoice amount (USD)"))
    has_credit_account = models.BooleanField(_("credit account"), default=False)
    has_credit_bill_run = models.BooleanField(
        _("bill run of the credit account exists"), default=False
    )
    has_resources = models.BooleanField(_("provisioned resources"), default=False)
    has_reserved_instances = models.BooleanField(_("valid reserved instances"), default=False)
    has_support_plan = models.BooleanField(_("unexpired partner support plan"), default=False)
    has_orders_for_partner = models.BooleanField(
        _("orders waiting for payment by the partner"), default=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(overdue__gte=0, balance__gte=0, uninvoiced__gte=0),
                name="account_standing_amounts_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"Standing of {self.account}"


class PartnerTerms(models.Model):
    """What the operator grants one partner. A partner without a row has the defaults."""

    account = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="terms"
    )
    #: Referral model (04-TM-03); never for resellers (07-RDF-07).
    may_refer = models.BooleanField(_("Referral model"), default=False)
    may_discount = models.BooleanField(_("set discounts"), default=False)
    max_discount = models.PositiveSmallIntegerField(
        _("maximum discount (%)"),
        default=HIGHEST_DISCOUNT,
        validators=[MaxValueValidator(HIGHEST_DISCOUNT)],
    )
    #: What Adjust Price estimates the partner to earn of the adjusted amount (04 D-26).
    estimated_rebate = models.PositiveSmallIntegerField(
        _("estimated rebate (%)"),
        default=ESTIMATED_REBATE,
        validators=[MaxValueValidator(100)],
    )
    may_disassociate = models.BooleanField(_("disassociate customers"), default=True)
    #: Asked of distributors only (06-DPR-01); others develop customers by right.
    may_develop = models.BooleanField(_("customer development (distributors)"), default=False)
    #: Prepaid partners cannot develop customers in the Reseller model (AF06).
    is_prepaid = models.BooleanField(_("prepaid partner"), default=False)
    is_test = models.BooleanField(_("test partner account"), default=False)
    #: Scans of certificates may come through the API (API B.50).
    may_upload_certificates = models.BooleanField(
        _("upload certificates for real-name authentication"), default=False
    )
    #: ``xaccount_type`` of the API: the partner's own sales platform.
    platform_id = models.CharField(_("platform ID"), max_length=64, blank=True)
    #: Countries whose customers the signed relationship keeps from Referral (AF14).
    referral_excluded = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries excluded from Referral"),
        default=list,
        blank=True,
    )
    #: Where a distributor may invite resellers (06-RSL-03); empty: its own service country only.
    reseller_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("authorized regions for resellers"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name_plural = "partner terms"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_discount__lte=HIGHEST_DISCOUNT),
                name="partner_terms_max_discount",
            ),
            models.CheckConstraint(
                condition=models.Q(estimated_rebate__lte=100),
                name="partner_terms_estimated_rebate",
            ),
            models.UniqueConstraint(
                fields=["platform_id"],
                condition=~models.Q(platform_id=""),
                name="partner_terms_platform_id_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"Terms of {self.account}"


#: Fields of the terms that switch something on for the partner (Actor.grants).
GRANTS = (
    "may_refer",
    "may_discount",
    "may_disassociate",
    "may_develop",
    "is_prepaid",
    "is_test",
    "may_upload_certificates",
)
#: What a partner without a row has.
DEFAULT_GRANTS = frozenset({"may_disassociate"})
