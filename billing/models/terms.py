"""What decides what a partner pays: commercial discounts, marketplace discounts, taxes, rates."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from catalog.models import Product, ServiceType
from partner_center.amounts import PriceField
from partner_center.tenancy import TenantOwned, TenantQuerySet

from ..choices import TaxKind
from ..fields import PercentField, RateField

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class DiscountQuerySet(TenantQuerySet):
    """Discounts that the operator grants partners."""

    def effective(self, moment: object) -> Self:
        """Those in effect at a moment."""
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class CommercialDiscount(TenantOwned):
    """What the operator grants a partner, for all its customers or for one; ``account`` is the partner.

    In effect from ``starts_at`` to before ``ends_at``; canceling moves the end to that moment. What has
    been in effect is never changed otherwise (05-CDC-04, CDC-05).
    """

    number = models.CharField(_("ID"), max_length=32, unique=True)
    #: Of a customer-level discount.
    customer = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField(_("effective date"))
    ends_at = models.DateTimeField(_("expiration date"))
    canceled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DiscountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-starts_at"], name="commercial_discount_partner")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="commercial_discount_span",
            )
        ]

    def __str__(self) -> str:
        return self.number


class DiscountTerm(models.Model):
    """One line of a commercial discount: percent off, or a fixed unit price, of what.

    Of one product, of one cloud service, or (both empty) of every common product. Promotional products
    are discounted only where they or their service are named; no-discount products never. A fixed price
    is in USD per pricing unit (and unit of size), of a pay-per-use product (05-BFD columns 39, 40).
    """

    discount = models.ForeignKey(CommercialDiscount, on_delete=models.PROTECT, related_name="terms")
    service_type = models.ForeignKey(
        ServiceType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    percent = PercentField(_("percent off"), null=True, blank=True, validators=_PERCENT)
    unit_price = PriceField(_("fixed unit price"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["discount", "service_type", "product"],
                nulls_distinct=False,
                name="discount_term_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(service_type=None) | models.Q(product=None),
                name="discount_term_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__range=(0, 100), unit_price=None)
                | models.Q(percent=None, unit_price__gte=0, product__isnull=False),
                name="discount_term_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discount}: {self.product or self.service_type or 'all'}"


class MarketplaceDiscount(TenantOwned):
    """What a KooGallery seller authorizes a partner for one product (003, 05-KGR-06)."""

    number = models.CharField(_("discount ID"), max_length=32, unique=True)
    seller = models.CharField(max_length=128)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    percent = PercentField(_("percent off"), validators=_PERCENT)
    starts_at = models.DateTimeField(_("effective date"))
    ends_at = models.DateTimeField(_("expiration date"))
    canceled_at = models.DateTimeField(null=True, blank=True)

    objects = DiscountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "product"], name="marketplace_discount_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__range=(0, 100))
                & models.Q(ends_at__gte=models.F("starts_at")),
                name="marketplace_discount_whole",
            )
        ]

    def __str__(self) -> str:
        return self.number


class TaxRule(models.Model):
    """A tax of one country, or of one state in it, from a day on (GMT+08:00) until the next rule.

    Where a country has rules for the partner's state, these count from their first day on, instead of
    those of the whole country. Percent 0 ends a tax. Never changed once its day has come (05-BIL-05).
    """

    country = CountryField(_("country/region"))
    state = models.CharField(_("state/province/region"), max_length=64, blank=True, default="")
    kind = models.CharField(_("tax"), max_length=8, choices=TaxKind)
    percent = PercentField(validators=_PERCENT)
    valid_from = models.DateField()

    class Meta:
        ordering = ("country", "state", "kind", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "state", "kind", "valid_from"], name="tax_rule_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__range=(0, 100)), name="tax_rule_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.get_kind_display()} {self.percent}%"


class ExchangeRate(models.Model):
    """How much of a currency one USD is, from a day on (GMT+08:00); append-only (05-BQY-18)."""

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    rate = RateField(_("rate of 1 USD"))

    class Meta:
        ordering = ("currency", "-valid_from")
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="exchange_rate_unique"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"1 USD = {self.rate} {self.currency}"
