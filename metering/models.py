"""From usage records to charges: intake, the records themselves, charges and their roll-ups.

``UsageRecord`` is what came in and is kept; everything else here can be rebuilt from it. Records and
charges are append-only. Both are written by set-based SQL only (``metering.services``), which joins
every key it writes, so their foreign keys are not checked a second time by the database: that would
halve the speed of the intake.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.choices import BillingMode, Period
from catalog.models import MeasureUnit, Product, Region, ServiceType
from customers.choices import AssociationModel
from customers.models import Association
from partner_center.amounts import AmountField, PriceField, PricingQuantityField, QuantityField

from .choices import BillType, IntakeState, RecordKind, SourceKind


def _loose_key(to: object, **options: object) -> models.ForeignKey:
    """A key whose row is joined by the statement that writes it (see above)."""
    return models.ForeignKey(
        to,  # type: ignore[arg-type]
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        **options,  # type: ignore[arg-type]
    )


class UsageSource(models.Model):
    """Who sends records; keys of records are unique within it."""

    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=SourceKind)
    is_active = models.BooleanField(_("accepts records"), default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SubAccount(models.Model):
    """Which customer a provider's sub-account is, for records that name no customer of ours."""

    source = models.ForeignKey(UsageSource, on_delete=models.PROTECT, related_name="sub_accounts")
    sub_account_id = models.CharField(max_length=255)
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "sub_account_id"], name="sub_account_unique")
        ]

    def __str__(self) -> str:
        return self.sub_account_id


class Intake(models.Model):
    """One file or batch of records, how far it got and what it contained.

    The counters are written in the transaction of each chunk, so they are those of what is stored.
    """

    source = models.ForeignKey(UsageSource, on_delete=models.PROTECT, related_name="intakes")
    name = models.CharField(_("file or batch"), max_length=255)
    #: SHA-256 of the content, to resume an interrupted intake of the same content.
    content_hash = models.CharField(max_length=64, blank=True)
    shift_months = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=16, choices=IntakeState, default=IntakeState.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    #: Lines of the file that are dealt with, heads not counted.
    lines_done = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    #: Exact sum of the list cost of the accepted records, in USD.
    list_cost = AmountField(default=0)
    failure = models.CharField(max_length=500, blank=True)
    #: In the private storage, when it came through the operator's admin.
    file = models.CharField(max_length=200, blank=True, default="")
    #: ID of a batch of the feed, to answer the same batch the same way.
    batch = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "batch"],
                condition=~models.Q(batch=""),
                name="intake_batch_unique",
            )
        ]
        indexes = [models.Index(fields=["source", "content_hash"], name="intake_by_content")]

    def __str__(self) -> str:
        return self.name


class RejectedLine(models.Model):
    """A line that did not go in, and why. The line itself is kept as it came."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="rejected_lines")
    line = models.PositiveBigIntegerField()
    code = models.CharField(max_length=32)
    reason = models.CharField(max_length=500)
    content = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "line"], name="rejected_line_unique")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class UsageRecord(models.Model):
    """One record as it came in: usage, or an order line that was paid. Append-only.

    ``key`` makes it count once within its source; ``fingerprint`` tells the same content from other
    content under the same key. A record of a provider that prices its own usage brings ``list_cost``.
    """

    id = models.BigAutoField(primary_key=True)
    source = _loose_key(UsageSource)
    key = models.CharField(max_length=128)
    fingerprint = models.UUIDField()
    intake = _loose_key(Intake)
    line = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=RecordKind, default=RecordKind.USAGE)
    customer = _loose_key(settings.TENANT_MODEL)
    product = _loose_key(Product)
    region = _loose_key(Region, null=True)
    resource_id = models.CharField(max_length=512, blank=True)
    resource_name = models.CharField(max_length=512, blank=True)
    #: In the product's usage unit, after conversion of the unit that the record came in.
    usage = QuantityField(null=True)
    #: Linear size in the unit of the specification.
    size = models.PositiveIntegerField(null=True)
    #: 5-minute measurement points of the month (05-BFD column 46).
    points = models.PositiveIntegerField(null=True)
    list_cost = AmountField(null=True)
    list_unit_price = QuantityField(null=True)
    #: The period of consumption, UTC, end not included; of an order line its term.
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    #: Moment of the transaction: when an order was paid, when consumption ended.
    charged_at = models.DateTimeField()
    #: Billing cycle (YYYY-MM, GMT+08:00) in which it is charged.
    cycle = models.CharField(max_length=7)
    #: Cycle that it belongs to by its time, when that one was closed already; else empty.
    origin_cycle = models.CharField(max_length=7, blank=True, default="")
    #: Day in ``cycle`` that it counts for, GMT+08:00.
    spent_on = models.DateField()
    accepted_at = models.DateTimeField()
    #: What the columns do not hold: an order line's terms, a provider's own columns.
    extra = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="usage_record_once"),
        ]
        indexes = [models.Index(fields=["cycle", "id"], name="usage_record_of_cycle")]

    def __str__(self) -> str:
        return self.key


class Charge(models.Model):
    """What one record costs at list price, and whose spend it is. Append-only, partitioned by cycle.

    Its number is that of its record: no record is charged twice. Partner columns say who the customer
    was associated with when the consumption began; empty: with nobody, so it is on no partner's bill
    (05-BIL-16). Amounts are exact, in USD (columns 1 to 56 of 05 §8.4.1.3 are made from these).
    """

    record = models.OneToOneField(
        UsageRecord,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="charge",
    )
    cycle = models.CharField(max_length=7)
    customer = _loose_key(settings.TENANT_MODEL)
    association = _loose_key(Association, null=True)
    partner = _loose_key(settings.TENANT_MODEL, null=True)
    #: The distributor that the partner is a reseller of, at that time.
    distributor = _loose_key(settings.TENANT_MODEL, null=True)
    model = models.CharField(max_length=16, choices=AssociationModel, blank=True)
    bill_type = models.CharField(max_length=16, choices=BillType)
    mode = models.CharField(max_length=16, choices=BillingMode)
    product = _loose_key(Product)
    service_type = _loose_key(ServiceType)
    region = _loose_key(Region, null=True)
    resource_id = models.CharField(max_length=512, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    charged_at = models.DateTimeField()
    spent_on = models.DateField()
    origin_cycle = models.CharField(max_length=7, blank=True, default="")
    # Orders
    order_no = models.CharField(max_length=64, blank=True)
    original_order_no = models.CharField(max_length=64, blank=True)
    order_type = models.CharField(max_length=16, blank=True)
    period = models.CharField(max_length=8, choices=Period, blank=True)
    period_count = models.PositiveSmallIntegerField(null=True)
    quantity = models.PositiveIntegerField(null=True)
    reserved_hours = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=256, blank=True)
    # Usage, in the usage unit: charged, covered by packages, covered by reserved instances
    usage = QuantityField(null=True)
    package_usage = QuantityField(null=True)
    reserved_usage = QuantityField(null=True)
    #: Covered by savings plans; absent: nothing.
    savings_usage = QuantityField(null=True)
    usage_unit = _loose_key(MeasureUnit, null=True)
    # The same in the pricing unit, truncated to 10 decimals; the first is total usage (column 50)
    pricing_total = PricingQuantityField(null=True)
    pricing_package = PricingQuantityField(null=True)
    pricing_reserved = PricingQuantityField(null=True)
    pricing_savings = PricingQuantityField(null=True)
    pricing_unit = _loose_key(MeasureUnit, null=True)
    conversion_factor = PriceField(null=True)
    size = models.PositiveIntegerField(null=True)
    points = models.PositiveIntegerField(null=True)
    #: Absent where several tiers took part.
    unit_price = QuantityField(null=True)
    list_amount = AmountField()
    #: Discount of the partner for a Referral customer, percent, and the discount of an order.
    discount_percent = models.PositiveSmallIntegerField(default=0)
    discount_amount = AmountField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["partner", "-charged_at", "-record"], name="charge_of_partner"),
            models.Index(fields=["customer", "-charged_at", "-record"], name="charge_of_customer"),
        ]

    def __str__(self) -> str:
        return f"Charge {self.pk}"


class TierUse(models.Model):
    """Pricing quantity that a customer has used of a tiered product in a cycle: where it stands."""

    cycle = models.CharField(max_length=7)
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = PricingQuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "customer", "product", "region"],
                nulls_distinct=False,
                name="tier_use_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.cycle}: {self.quantity}"


class ReservedUse(models.Model):
    """Hours of reserved instances that usage of one hour has taken, so that none is used twice.

    One row for each cycle in which that usage was charged: late records belong to a later one.
    """

    cycle = models.CharField(max_length=7)
    resource = models.ForeignKey(
        "resources.CloudResource", on_delete=models.PROTECT, related_name="+"
    )
    hour = models.DateTimeField()
    #: In the pricing unit (hours).
    used = PricingQuantityField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "hour", "cycle"], name="reserved_use_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.hour}: {self.used}"


class SavingsUse(models.Model):
    """What usage of one hour has taken of a savings plan's commitment, so that nothing is used twice.

    One row for each cycle in which that usage was charged: late records belong to a later one.
    """

    cycle = models.CharField(max_length=7)
    resource = models.ForeignKey(
        "resources.CloudResource", on_delete=models.PROTECT, related_name="+"
    )
    hour = models.DateTimeField()
    #: In USD, at the prices of the plan.
    used = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "hour", "cycle"], name="savings_use_unique")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.hour}: {self.used}"


class PackageDeduction(models.Model):
    """What one record took from one package (API B.38). Append-only and partitioned, as its charge."""

    record = _loose_key(UsageRecord)
    cycle = models.CharField(max_length=7)
    quota = models.ForeignKey(
        "resources.PackageQuota", on_delete=models.PROTECT, related_name="deductions"
    )
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    #: In the pricing unit.
    used = PricingQuantityField()
    before = PricingQuantityField()
    deducted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-deducted_at"], name="package_deduction_of_cust")
        ]

    def __str__(self) -> str:
        return f"{self.quota}: {self.used}"


class _Spend(models.Model):
    """Sums of charges that share a key; kept in the transaction that writes the charges."""

    cycle = models.CharField(max_length=7)
    customer = _loose_key(settings.TENANT_MODEL)
    association = _loose_key(Association, null=True)
    partner = _loose_key(settings.TENANT_MODEL, null=True)
    distributor = _loose_key(settings.TENANT_MODEL, null=True)
    model = models.CharField(max_length=16, choices=AssociationModel, blank=True)
    service_type = _loose_key(ServiceType)
    product = _loose_key(Product)
    region = _loose_key(Region, null=True)
    mode = models.CharField(max_length=16, choices=BillingMode)
    bill_type = models.CharField(max_length=16, choices=BillType)
    charges = models.PositiveBigIntegerField()
    list_amount = AmountField()
    discount_amount = AmountField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True


class DailySpend(_Spend):
    """Spend by customer and day (GMT+08:00)."""

    spent_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "customer",
                    "spent_on",
                    "cycle",
                    "association",
                    "model",
                    "product",
                    "region",
                    "mode",
                    "bill_type",
                ],
                nulls_distinct=False,
                name="daily_spend_unique",
            )
        ]
        indexes = [models.Index(fields=["partner", "spent_on"], name="daily_spend_of_partner")]

    def __str__(self) -> str:
        return f"{self.spent_on}: {self.list_amount}"


class MonthlySpend(_Spend):
    """Spend by customer and billing cycle."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "customer",
                    "cycle",
                    "association",
                    "model",
                    "product",
                    "region",
                    "mode",
                    "bill_type",
                ],
                nulls_distinct=False,
                name="monthly_spend_unique",
            )
        ]
        indexes = [
            models.Index(fields=["partner", "cycle"], name="monthly_spend_of_partner"),
            models.Index(fields=["cycle", "association"], name="monthly_spend_of_cycle"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.list_amount}"


class ClosedCycle(models.Model):
    """A billing cycle that has been billed: what comes late for it is an adjustment (append-only)."""

    cycle = models.CharField(max_length=7, primary_key=True)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.cycle
