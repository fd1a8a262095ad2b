"""The tenant: one registered cloud account."""

from __future__ import annotations

import secrets
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partner_center.actors import Actor
from partner_center.masking import mask_name
from partner_center.permissions import Audience
from partner_center.tenancy import TenantOwned
from partner_center.trigrams import TrigramIndex

from ..choices import AccountStage, AccountStatus, PartnerKind, TenantType


def new_public_id() -> str:
    """A random domain ID: 32 hexadecimal digits, as the API shows it."""
    return secrets.token_hex(16)


class AccountQuerySet(models.QuerySet):
    """Accounts are their own tenant key."""

    def visible_to(self, actor: Actor) -> Self:
        """An account sees itself; operator staff see all."""
        return self if actor.is_operator else self.filter(pk=actor.account_id)

    def partners(self) -> Self:
        """Accounts that are partners of any kind."""
        return self.exclude(partner_kind=PartnerKind.NONE)


class Account(models.Model):
    """A registered cloud account: customer, partner or the operator itself (01 §1.1).

    ``name`` is the account name people sign in with; ``public_id`` is the domain ID of the API.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("account name"), max_length=64)
    is_operator = models.BooleanField(_("operator"), default=False, editable=False)
    partner_kind = models.CharField(
        _("partner kind"),
        max_length=16,
        choices=PartnerKind,
        default=PartnerKind.NONE,
        blank=True,
    )
    status = models.CharField(max_length=16, choices=AccountStatus, default=AccountStatus.ACTIVE)
    stage = models.CharField(max_length=16, choices=AccountStage, default=AccountStage.REGISTERED)
    registered_at = models.DateTimeField()

    email = models.EmailField(_("registration email"), max_length=254, blank=True)
    country = CountryField(_("country/region"))
    #: Chosen at "Enable services"; decides law and tax, then fixed (01-ACC-09).
    service_country = CountryField(_("country/region of services"), blank=True)
    security_phone = models.CharField(max_length=20, blank=True)
    bound_mobile = models.CharField(max_length=20, blank=True)
    wants_marketing = models.BooleanField(default=False)
    #: When the consent to promotions was given (08-CSA-13).
    marketing_since = models.DateTimeField(null=True, blank=True)

    tenant_type = models.CharField(max_length=16, choices=TenantType, blank=True)
    full_name = models.CharField(_("full name"), max_length=128, blank=True)
    tax_id = models.CharField(_("tax identification number"), max_length=64, blank=True)
    address_line1 = models.CharField(max_length=128, blank=True)
    address_line2 = models.CharField(max_length=128, blank=True)
    city = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state/province/region"), max_length=64, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=32, blank=True)
    website = models.URLField(blank=True)
    profile = models.CharField(_("company profile"), max_length=1000, blank=True)
    logo = models.FileField(upload_to="logos/", blank=True)
    #: Whom the operator asks for; the contact information of 01-BAS-02.
    contact_name = models.CharField(_("contact name"), max_length=64, blank=True)
    contact_position = models.CharField(_("position"), max_length=64, blank=True)
    contact_email = models.EmailField(_("contact email"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)

    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    #: Verify It's You: critical operations ask for a code (01-BAS-05).
    verifies = models.BooleanField(_("Verify It's You"), default=False)
    max_custom_roles = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1)]
    )
    #: Configure Templates on Customers' Behalf (01-BAS-11).
    templates_on_behalf = models.BooleanField(default=False)
    #: Revoke Permissions to View Bills and Cost (01-BAS-14).
    revokes_customer_bills = models.BooleanField(default=False)
    #: Since when the customer uses enterprise projects (API B.54).
    enterprise_projects_at = models.DateTimeField(null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="account_name_unique"),
            # Customers that a partner creates through the API may have none (API B.4).
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="account_registration_email_unique",
            ),
            models.UniqueConstraint(
                fields=["security_phone"],
                condition=~models.Q(security_phone=""),
                name="account_security_phone_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(is_operator=False) | models.Q(partner_kind=""),
                name="account_operator_is_no_partner",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="account_name_order"),
            # What people search by parts.
            TrigramIndex("name", "full_name", "bound_mobile", name="account_parts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audience(self) -> Audience:
        """Which portal this account uses."""
        if self.is_operator:
            return Audience.OPERATOR
        return Audience.PARTNER if self.partner_kind else Audience.CUSTOMER

    @property
    def title(self) -> str:
        """What people read in the bar: the full name, else the account name."""
        return self.full_name or self.name

    @property
    def masked_title(self) -> str:
        """What others read about a customer: account name, masked full name behind it (04-CUS-03)."""
        return f"{self.name} ({mask_name(self.full_name)})" if self.full_name else self.name


class AccountCurrency(TenantOwned):
    """Payment currency of an account from a billing cycle on; append-only (01-BAS-10).

    The currency of a cycle is the row with the latest ``from_cycle`` not after it, the newest of
    these when one cycle was set twice.
    """

    currency = models.CharField(max_length=3)
    from_cycle = models.CharField(max_length=7, help_text="YYYY-MM, GMT+08:00")
    set_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "payment currencies"
        indexes = [
            models.Index(fields=["account", "-from_cycle", "-id"], name="account_currency_cycle")
        ]

    def __str__(self) -> str:
        return f"{self.currency} from {self.from_cycle}"
