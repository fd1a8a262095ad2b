"""The bill run, issued bills with their lines and sums, and the running month's estimate.

A line is the settlement of one charge and has its number; its other columns are the charge's. Issued
bills, lines and sums are append-only; what is paid of a bill stands in :class:`BillAccount`.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.choices import BillingMode
from catalog.models import Product, Region, ServiceType
from catalog.rules.pricing import EXACT
from metering.choices import BillType
from metering.models import Charge
from partner_center.amounts import AmountField, PriceField
from partner_center.tenancy import TenantOwned

from ..choices import BillState, PartState, RunState, Settlement, TaxKind
from ..fields import (
    CentField,
    CouponAmountField,
    PercentField,
    RateField,
    SettledField,
    loose_key,
)


def _charge() -> models.ForeignObject:
    """The charge of a row that has its number and cycle: a join of two partitions, no column."""
    return models.ForeignObject(
        Charge,
        on_delete=models.DO_NOTHING,
        from_fields=["record_id", "cycle"],
        to_fields=["record", "cycle"],
        related_name="+",
    )


class BillRun(models.Model):
    """The bill run of one cycle (05-REP-01)."""

    cycle = models.CharField(max_length=7, unique=True)
    state = models.CharField(max_length=16, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    #: When the operator was told that it is late.
    alarmed_at = models.DateTimeField(null=True, blank=True)
    #: When the operator asked for it; empty once a worker has gone through its partners.
    asked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.cycle


class RunPart(TenantOwned):
    """One partner of a bill run; ``account`` is the partner that pays."""

    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="parts")
    state = models.CharField(max_length=16, choices=PartState, default=PartState.WAITING)
    #: Why it was parked, for the operator.
    cause = models.CharField(max_length=500, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    #: When the operator asked to try it again; empty once it was tried.
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("partner of a bill run")
        verbose_name_plural = _("partners of bill runs")
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="run_part_unique")]
        indexes = [
            models.Index(fields=["run", "state", "id"], name="run_part_by_state"),
            models.Index(
                fields=["asked_at"],
                condition=models.Q(asked_at__isnull=False),
                name="run_part_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.account}"


class Bill(TenantOwned):
    """An issued partner bill; ``account`` is the partner that pays. Append-only. USD.

    Amount due = settlement − coupons + tax, rounded once (05-BIL-04, BIL-08), less credit of earlier
    negative bills (C-11) and less tax that the partner withholds itself (08-TAX-03).
    """

    number = models.CharField(max_length=32, unique=True)
    cycle = models.CharField(max_length=7)
    lines = models.PositiveBigIntegerField()
    list_amount = AmountField()
    #: Settlement amounts by bill type; their sum is the settlement.
    expenditures = SettledField()
    refunds = SettledField()
    adjustments = SettledField()
    coupons = CouponAmountField()
    tax = SettledField()
    #: Exact: expenditures + refunds + adjustments − coupons + tax; and rounded.
    exact_total = SettledField()
    total = CentField()
    #: Withheld by the partner from what it pays, out of ``total``.
    withheld = CentField(default=0)
    #: Credit of earlier bills that this one has used.
    credit_used = CentField(default=0)
    amount_due = CentField()
    currency = models.CharField(max_length=3, default="USD")
    #: Of one USD, as it was at issue.
    rate = RateField(default=1)
    #: ``amount_due`` in the payment currency.
    currency_amount = CentField()
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "cycle"], name="bill_once"),
            models.CheckConstraint(
                condition=models.Q(
                    exact_total=models.F("expenditures")
                    + models.F("refunds")
                    + models.F("adjustments")
                    - models.F("coupons")
                    + models.F("tax")
                ),
                name="bill_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_due__gte=0, withheld__gte=0, credit_used__gte=0),
                name="bill_amount_due_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "account"], name="bill_of_cycle")]

    @property
    def settlement(self) -> Decimal:
        """What the lines come to before coupons and tax, exactly."""
        return EXACT.add(EXACT.add(self.expenditures, self.refunds), self.adjustments)

    def __str__(self) -> str:
        return self.number


class BillAccount(TenantOwned):
    """What has become of an issued bill: paid, overdue, credit left of a negative one. USD."""

    bill = models.OneToOneField(
        Bill, on_delete=models.PROTECT, primary_key=True, related_name="paid_state"
    )
    state = models.CharField(max_length=16, choices=BillState)
    amount_due = CentField()
    paid = CentField(default=0)
    #: Left of a negative bill for later ones.
    credit_left = CentField(default=0)
    due_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    #: When the partner was told that the bill is issued.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    paid__gte=0, paid__lte=models.F("amount_due"), credit_left__gte=0
                ),
                name="bill_account_within_due",
            )
        ]
        indexes = [
            models.Index(fields=["account", "bill"], name="bill_account_of_partner"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["unpaid", "partial"]),
                name="bill_account_open",
            ),
            models.Index(
                fields=["bill"],
                condition=models.Q(told_at=None),
                name="bill_account_untold",
            ),
        ]

    @property
    def left(self) -> Decimal:
        """What is still to be paid."""
        return self.amount_due - self.paid

    def __str__(self) -> str:
        return f"{self.bill}: {self.paid} of {self.amount_due}"


class BillTax(models.Model):
    """One tax of a bill with what it was computed on; append-only. USD."""

    bill = loose_key(Bill, on_delete=models.PROTECT, related_name="taxes")
    kind = models.CharField(max_length=8, choices=TaxKind)
    percent = PercentField()
    base = SettledField()
    amount = SettledField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "kind", "percent"], name="bill_tax_unique")
        ]

    def __str__(self) -> str:
        return f"{self.bill} {self.kind}"


class BillLine(models.Model):
    """The settlement of one charge (05-BFD columns 38 to 45); append-only, partitioned by cycle. USD.

    Tax-exclusive amount due = settled − coupons; amount due = that + tax.
    """

    record_id = models.BigIntegerField(primary_key=True)
    cycle = models.CharField(max_length=7)
    bill = loose_key(Bill)
    customer = loose_key(settings.TENANT_MODEL)
    charged_at = models.DateTimeField()
    settlement = models.CharField(max_length=16, choices=Settlement)
    percent = PercentField(null=True)
    unit_price = PriceField(null=True)
    settled = SettledField()
    coupons = CouponAmountField(default=0)
    #: Of a refund whose order was paid with coupons: whether they went back.
    returns_coupons = models.BooleanField(null=True)
    tax = SettledField(default=0)
    charge = _charge()

    class Meta:
        indexes = [
            models.Index(fields=["bill", "-charged_at", "-record_id"], name="bill_line_of_bill")
        ]

    def __str__(self) -> str:
        return f"Line {self.record_id}"

    @property
    def before_tax(self) -> Decimal:
        """Amount due exclusive of tax."""
        return EXACT.subtract(self.settled, self.coupons)

    @property
    def due(self) -> Decimal:
        """Amount due."""
        return EXACT.add(self.before_tax, self.tax)


class _Sum(models.Model):
    """Lines that share these columns, added up. USD, exact."""

    customer = loose_key(settings.TENANT_MODEL)
    #: Whom the customer is associated with: the reseller, or the payer itself.
    partner = loose_key(settings.TENANT_MODEL)
    service_type = loose_key(ServiceType)
    product = loose_key(Product)
    region = loose_key(Region, null=True)
    mode = models.CharField(max_length=16, choices=BillingMode)
    bill_type = models.CharField(max_length=16, choices=BillType)
    settlement = models.CharField(max_length=16, choices=Settlement)
    percent = PercentField(null=True)
    unit_price = PriceField(null=True)
    lines = models.PositiveBigIntegerField()
    list_amount = AmountField()
    settled = SettledField()

    class Meta:
        abstract = True


class BillSum(_Sum):
    """Sums of an issued bill; append-only. Bill pages read these and no lines."""

    bill = loose_key(Bill, related_name="sums", db_index=True)
    coupons = CouponAmountField(default=0)
    tax = SettledField(default=0)

    def __str__(self) -> str:
        return f"{self.bill}: {self.settled}"


class EstimateSum(_Sum, TenantOwned):
    """Sums of a cycle that is not billed yet, refreshed daily; no coupons, no tax (05-BIL-17)."""

    cycle = models.CharField(max_length=7)
    refreshed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "cycle"], name="estimate_of_partner")]

    def __str__(self) -> str:
        return f"{self.account} {self.cycle}: {self.settled}"


class SettledCharge(models.Model):
    """A charge with the terms that apply to it: a view, the one place that computes a settlement.

    The bill run writes lines from it, the estimate adds it up, and the details of an open month show
    it. ``payer`` is who gets the bill; ``at`` the moment by which terms were chosen.
    """

    record_id = models.BigIntegerField(primary_key=True)
    cycle = models.CharField(max_length=7)
    payer = loose_key(settings.TENANT_MODEL)
    partner = loose_key(settings.TENANT_MODEL)
    customer = loose_key(settings.TENANT_MODEL)
    service_type = loose_key(ServiceType)
    product = loose_key(Product)
    region = loose_key(Region, null=True)
    mode = models.CharField(max_length=16, choices=BillingMode)
    bill_type = models.CharField(max_length=16, choices=BillType)
    order_no = models.CharField(max_length=64)
    charged_at = models.DateTimeField()
    at = models.DateTimeField()
    is_marketplace = models.BooleanField()
    #: Charged outside the time of its association: never put on a bill (05-BIL-16).
    is_outside = models.BooleanField()
    list_amount = AmountField()
    settlement = models.CharField(max_length=16, choices=Settlement)
    percent = PercentField(null=True)
    unit_price = PriceField(null=True)
    settled = SettledField()
    charge = _charge()

    class Meta:
        managed = False
        db_table = "billing_settled_charge"

    def __str__(self) -> str:
        return f"Charge {self.record_id}"


class BillPart(models.Model):
    """What a line adds to an issued bill, split as FOCUS does: a view of lines (up to three rows each).

    ``part``: the charge itself, what coupons paid of it (negative), its tax. The sum of ``billed``
    over a bill is its exact total. USD.
    """

    record_id = models.BigIntegerField(primary_key=True)
    cycle = models.CharField(max_length=7)
    bill = loose_key(Bill)
    customer = loose_key(settings.TENANT_MODEL)
    part = models.CharField(max_length=8)
    settled = SettledField()
    coupons = CouponAmountField()
    tax = SettledField()
    billed = SettledField()
    charge = _charge()

    class Meta:
        managed = False
        db_table = "billing_bill_part"

    def __str__(self) -> str:
        return f"{self.part} of {self.record_id}"


class BillManifest(models.Model):
    """The proof of an issued bill: what its package must contain; append-only.

    ``content`` is the manifest as JSON; ``file`` names the package in the private storage.
    """

    bill = models.OneToOneField(
        Bill, on_delete=models.PROTECT, primary_key=True, related_name="manifest"
    )
    content = models.JSONField()
    details_sha256 = models.CharField(_("SHA-256 of the details"), max_length=64)
    #: SHA-256 of the manifest as it stands in the package: shown beside the bill.
    fingerprint = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Manifest of {self.bill}"
