"""What the cloud sells: regions, services, resource types, units, products and their list prices.

The catalogue belongs to the operator and is the same for every account, so its rows carry no tenant.
Codes are the vendor's own where the API reference gives them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.amounts import PriceField, PricingQuantityField

from .choices import BillingMode, Origin, PaymentOption, Period, ResetCycle, SettlementType


class Region(models.Model):
    """A geographic area that resources run in (05-BFD columns 18, 19)."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    zones = ArrayField(
        models.CharField(max_length=64),
        verbose_name=_("availability zones"),
        default=list,
        blank=True,
    )
    is_offered = models.BooleanField(_("offered to new purchases"), default=True)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.CATALOGUE)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ServiceType(models.Model):
    """A cloud service: "Elastic Cloud Server", ``hws.service.type.ec2`` (API B.39)."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    abbreviation = models.CharField(max_length=32, blank=True)
    category = models.CharField(max_length=64, blank=True)
    overview = models.CharField(max_length=500, blank=True)
    #: May be billed by 95th-percentile bandwidth (04-P95-01); the last part of its product page.
    has_percentile_billing = models.BooleanField(_("95th-percentile bandwidth"), default=False)
    page_slug = models.CharField(max_length=32, blank=True)
    is_marketplace = models.BooleanField(_("marketplace"), default=False)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.CATALOGUE)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name with the abbreviation, where it is another word."""
        known = self.abbreviation in ("", self.name)
        return self.name if known else f"{self.name} ({self.abbreviation})"


class ResourceType(models.Model):
    """A kind of resource of one service: "Cloud host", ``hws.resource.type.vm`` (API B.40)."""

    service_type = models.ForeignKey(
        ServiceType, on_delete=models.PROTECT, related_name="resource_types"
    )
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    description = models.CharField(max_length=500, blank=True)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.CATALOGUE)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class MeasureUnit(models.Model):
    """A unit of measurement; ``id`` is the vendor's measure ID (API B.43)."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=64)
    abbreviation = models.CharField(max_length=32)
    #: The vendor's MEASURE_TYPE.
    measure_type = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class UnitConversion(models.Model):
    """One ``unit`` is ``ratio`` times ``reference``: 1 GB = 1024 MB (API B.44)."""

    unit = models.ForeignKey(MeasureUnit, on_delete=models.PROTECT, related_name="conversions")
    reference = models.ForeignKey(MeasureUnit, on_delete=models.PROTECT, related_name="+")
    ratio = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "reference"], name="unit_conversion_unique"),
            models.CheckConstraint(
                condition=models.Q(ratio__gt=0), name="unit_conversion_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.unit} = {self.ratio} {self.reference}"


class UsageType(models.Model):
    """A billing dimension of a resource type: duration, upstream traffic (API B.42, 05-BFD 27, 28)."""

    resource_type = models.ForeignKey(
        ResourceType, on_delete=models.PROTECT, related_name="usage_types"
    )
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=128)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.CATALOGUE)

    class Meta:
        ordering = ("resource_type", "code")
        constraints = [
            models.UniqueConstraint(fields=["resource_type", "code"], name="usage_type_unique")
        ]

    def __str__(self) -> str:
        return self.name


class ResourceSpec(models.Model):
    """A specification of a resource type: ``s6.large.2.linux``, or a linear one such as a disk type.

    ``attributes`` is a list of ``{"code", "name", "value", "unit"}``; their values joined with "|" are
    the specification text of a bill (05-BFD column 15). A linear spec is priced per unit of size.
    """

    resource_type = models.ForeignKey(ResourceType, on_delete=models.PROTECT, related_name="specs")
    code = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    attributes = models.JSONField(default=list, blank=True)
    size_unit = models.ForeignKey(
        MeasureUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    size_min = models.PositiveIntegerField(null=True, blank=True)
    size_max = models.PositiveIntegerField(null=True, blank=True)
    size_step = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("resource_type", "code")
        constraints = [
            models.UniqueConstraint(fields=["resource_type", "code"], name="resource_spec_unique"),
            models.CheckConstraint(
                condition=models.Q(size_unit=None, size_min=None, size_max=None, size_step=None)
                | models.Q(size_unit__isnull=False, size_min__gt=0, size_step__gt=0)
                & models.Q(size_max__gte=models.F("size_min")),
                name="resource_spec_linear_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_linear(self) -> bool:
        """Whether the price is per unit of size."""
        return self.size_unit_id is not None

    @property
    def text(self) -> str:
        """The values of the attributes, as a bill prints them."""
        return "|".join(str(attribute["value"]) for attribute in self.attributes)


class ProductQuerySet(models.QuerySet):
    """Products."""

    def on_sale(self) -> Self:
        """Products that can be bought now."""
        return self.filter(is_on_sale=True, origin=Origin.CATALOGUE)


class Product(models.Model):
    """Something with a price: one specification in one billing mode (05-BFD columns 12, 13).

    Usage of a pay-per-use product is metered in ``usage_unit`` and priced in ``pricing_unit``;
    ``conversion_factor`` usage units are one pricing unit (seconds to hours: 3600).
    """

    code = models.CharField(_("product ID"), max_length=128, unique=True)
    name = models.CharField(max_length=200)
    service_type = models.ForeignKey(ServiceType, on_delete=models.PROTECT, related_name="products")
    resource_type = models.ForeignKey(
        ResourceType, on_delete=models.PROTECT, related_name="products"
    )
    spec = models.ForeignKey(
        ResourceSpec, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    mode = models.CharField(_("billing mode"), max_length=16, choices=BillingMode)
    usage_type = models.ForeignKey(
        UsageType, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    usage_unit = models.ForeignKey(
        MeasureUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pricing_unit = models.ForeignKey(
        MeasureUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    conversion_factor = PriceField(default=1)
    is_spot = models.BooleanField(_("spot"), default=False)
    is_percentile = models.BooleanField(_("95th-percentile bandwidth"), default=False)
    settlement = models.CharField(
        _("settlement type"), max_length=16, choices=SettlementType, default=SettlementType.COMMON
    )
    #: Whether discounts of partners for Referral customers apply (08-CSN-04 to CSN-07).
    takes_partner_discount = models.BooleanField(_("partner discounts apply"), default=True)
    #: Kinds of partner that may order it on a customer's behalf (04 D-52).
    on_behalf_kinds = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("ordered on behalf by"),
        default=list,
        blank=True,
    )
    # Reserved instances and savings plans
    payment_option = models.CharField(max_length=16, choices=PaymentOption, blank=True, default="")
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    # Savings plans: USD an hour at their own prices, and percent that these lie below the list price
    commitment = PriceField(_("hourly commitment"), null=True, blank=True)
    plan_discount = models.PositiveSmallIntegerField(
        _("discount on usage in percent"), null=True, blank=True
    )
    # Resource packages: how much of the usage type is free, in the pricing unit
    package_quota = PricingQuantityField(null=True, blank=True)
    package_reset = models.CharField(max_length=16, choices=ResetCycle, blank=True, default="")
    is_on_sale = models.BooleanField(_("on sale"), default=True)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.CATALOGUE)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("name", "code")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(conversion_factor__gt=0), name="product_conversion_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(mode=BillingMode.PACKAGE) | models.Q(package_quota__gt=0),
                name="product_package_has_quota",
            ),
            models.CheckConstraint(
                condition=models.Q(commitment=None, plan_discount=None)
                | models.Q(commitment__gt=0, plan_discount__range=(1, 99)),
                name="product_plan_whole",
            ),
        ]
        indexes = [models.Index(fields=["resource_type", "mode"], name="product_of_type")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_linear(self) -> bool:
        """Whether it is priced per unit of size."""
        return self.spec is not None and self.spec.is_linear

    def percent_for(self, percent: int) -> int:
        """The partner's discount that counts for it: none for spot and marketplace (08-CSN-06)."""
        excluded = self.is_spot or self.service_type.is_marketplace
        return percent if self.takes_partner_discount and not excluded else 0


class ListPrice(models.Model):
    """The list price of a product from a moment on, in USD, in one region or (empty) in all.

    In effect is the newest row whose ``valid_from`` has come; a price of the region goes before one of
    all regions. A price that has been in effect is never changed: a new one follows it.
    For usage ``unit_price`` is per pricing unit (and unit of size when linear); for a term it is per
    ``period``; for reserved instances and savings plans ``upfront_price`` is due once and
    ``unit_price`` every hour. With tiers the prices of the tiers count instead.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    period = models.CharField(max_length=8, choices=Period, blank=True, default="")
    unit_price = PriceField()
    upfront_price = PriceField(default=0)
    valid_from = models.DateTimeField()

    class Meta:
        ordering = ("product", "region", "period", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "region", "period", "valid_from"],
                nulls_distinct=False,
                name="list_price_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0, upfront_price__gte=0),
                name="list_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {Decimal(self.unit_price).normalize():f}"


class PriceTier(models.Model):
    """From which quantity of the calendar month on (GMT+08:00, pricing units) which price counts.

    Tiers are graduated: each part of the month's usage costs the price of its own tier.
    """

    price = models.ForeignKey(ListPrice, on_delete=models.CASCADE, related_name="tiers")
    above = PricingQuantityField()
    unit_price = PriceField()

    class Meta:
        ordering = ("price", "above")
        constraints = [
            models.UniqueConstraint(fields=["price", "above"], name="price_tier_unique"),
            models.CheckConstraint(
                condition=models.Q(above__gte=0, unit_price__gte=0), name="price_tier_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"above {Decimal(self.above).normalize():f}: {Decimal(self.unit_price).normalize():f}"
        )
