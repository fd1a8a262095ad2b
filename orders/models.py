"""Orders of customers, adjustments of their prices, and sessions on customers' behalf."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.choices import Period
from catalog.models import Product, Region, ServiceType
from catalog.rules import specs
from customers.choices import AssociationModel
from customers.models import Association, OnBehalfAuthorization
from partner_center.amounts import AmountField
from partner_center.tenancy import TenantOwned
from resources.models import CloudResource, EnterpriseProject
from resources.rules.terms import Term

from .choices import (
    DiscountKind,
    OrderSource,
    OrderStatus,
    OrderType,
    PaymentMethod,
    SessionPurpose,
    UnsubscribeReason,
)


class OnBehalfSession(TenantOwned):
    """A partner's user works as the customer; ``account`` is the partner (04-OBO-03, 08-AUT-12)."""

    authorization = models.ForeignKey(
        OnBehalfAuthorization, on_delete=models.PROTECT, related_name="sessions"
    )
    customer = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16, choices=SessionPurpose)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-started_at"], name="on_behalf_of_partner")]

    def __str__(self) -> str:
        return f"{self.user} as {self.customer}"


class CustomerOrder(TenantOwned):
    """An order of a yearly/monthly, reserved or packaged product; ``account`` is the customer.

    Pay-per-use needs no order (04-ORD-01). Partner, distributor and model are those of the moment of
    ordering. Amounts are in USD with 2 decimals, rounded half up per line (08 §10.4.2).
    """

    order_no = models.CharField(max_length=64, unique=True)
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    partner = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    distributor = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    model = models.CharField(max_length=16, choices=AssociationModel, blank=True)
    order_type = models.CharField(max_length=16, choices=OrderType)
    status = models.CharField(
        max_length=16, choices=OrderStatus, default=OrderStatus.PENDING_PAYMENT
    )
    source = models.CharField(max_length=16, choices=OrderSource, default=OrderSource.CUSTOMER)
    service_type = models.ForeignKey(ServiceType, on_delete=models.PROTECT, related_name="+")
    list_amount = AmountField()
    discount_amount = AmountField(default=0)
    #: What is paid: list minus discount; negative on unsubscription orders.
    amount = AmountField()
    discount_kind = models.CharField(max_length=16, choices=DiscountKind, blank=True, default="")
    payment = models.CharField(max_length=16, choices=PaymentMethod, blank=True, default="")
    ordered_at = models.DateTimeField()
    #: Unpaid until then, it is canceled.
    pay_before = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: The order whose resources this one unsubscribes or changes.
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )
    reason_type = models.CharField(max_length=1, choices=UnsubscribeReason, blank=True, default="")
    reason = models.CharField(max_length=256, blank=True)
    #: Unsubscribed by the operator because of an order exception: coupons return (05-CPR-06).
    by_exception = models.BooleanField(default=False)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Who ordered, as people read it; both identities when on behalf.
    ordered_by_name = models.CharField(max_length=200)
    session = models.ForeignKey(
        OnBehalfSession, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=models.F("list_amount") - models.F("discount_amount")),
                name="customer_order_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["pending", "canceled"], paid_at=None)
                | ~models.Q(status__in=["pending", "canceled"]) & models.Q(paid_at__isnull=False),
                name="customer_order_paid_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["partner", "-ordered_at", "-id"], name="customer_order_of_partner"
            ),
            models.Index(
                fields=["account", "-ordered_at", "-id"], name="customer_order_of_customer"
            ),
            models.Index(
                fields=["pay_before"],
                condition=models.Q(status="pending"),
                name="customer_order_unpaid",
            ),
        ]

    @property
    def orderer(self) -> str:
        """Who ordered, as people read it: a job is the system, not its name."""
        by_job = self.source == OrderSource.SYSTEM
        return str(self.get_source_display()) if by_job else self.ordered_by_name

    def __str__(self) -> str:
        return self.order_no


class OrderItem(TenantOwned):
    """One line of an order; ``account`` is the customer. Its amounts are part of the order's."""

    order = models.ForeignKey(CustomerOrder, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    zone = models.CharField(max_length=64, blank=True)
    #: The resource that a renewal, change or unsubscription is about.
    resource = models.ForeignKey(
        CloudResource, on_delete=models.PROTECT, null=True, blank=True, related_name="order_items"
    )
    name = models.CharField(max_length=255, blank=True)
    spec_text = models.CharField(max_length=255, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    period = models.CharField(max_length=8, choices=Period, blank=True, default="")
    period_count = models.PositiveSmallIntegerField(null=True, blank=True)
    configuration = models.JSONField(default=dict, blank=True)
    #: Enterprise project of what is bought; absent: the default one.
    project = models.ForeignKey(
        EnterpriseProject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    list_amount = AmountField()
    discount_amount = AmountField(default=0)
    amount = AmountField()
    effective_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    #: Of a line that gives back: the paid line whose unused days these are.
    gives_back = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    #: Of a change to something cheaper: the paid line of whose price this takes a part back.
    lowers = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_item_number"),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("list_amount") - models.F("discount_amount")),
                name="order_item_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="order_item_quantity_positive"
            ),
        ]

    @property
    def spec_words(self) -> str:
        """The specification as pages print it; reads the product."""
        return specs.words(self.spec_text, self.product.mode, self.product.name)

    def __str__(self) -> str:
        return f"{self.order} {self.number}"

    @property
    def term(self) -> Term:
        """The term that it was paid for. Raises ValueError before that is known."""
        if self.effective_at is None or self.expires_at is None:
            raise ValueError(f"{self} has no term yet")
        return Term(self.effective_at, self.expires_at)


class PriceAdjustment(TenantOwned):
    """One adjustment of a pending order's price; ``account`` is the partner. Append-only (04-PRC)."""

    order = models.ForeignKey(CustomerOrder, on_delete=models.PROTECT, related_name="adjustments")
    list_amount = AmountField()
    discount_amount = AmountField()
    adjusted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    adjusted_by_name = models.CharField(max_length=128)
    adjusted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-adjusted_at"], name="price_adjustment_of_partn")
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.discount_amount}"


class PriceAdjustmentLine(models.Model):
    """What an adjustment gave one item. Append-only."""

    adjustment = models.ForeignKey(PriceAdjustment, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="adjustment_lines")
    max_discount = AmountField()
    discount_amount = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment", "item"], name="price_adjustment_line_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.discount_amount}"


class AutoRenewalAttempt(TenantOwned):
    """That a resource was to be renewed by itself on a day; ``account`` is the customer.

    One a day and resource, so that a job that is run again renews nothing twice. Append-only.
    """

    resource = models.ForeignKey(CloudResource, on_delete=models.PROTECT, related_name="+")
    #: Day in GMT+08:00.
    day = models.DateField()
    order = models.ForeignKey(
        CustomerOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Why it was not renewed; empty when it was.
    failure = models.CharField(max_length=500, blank=True)
    attempted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "day"], name="auto_renewal_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.day}"
