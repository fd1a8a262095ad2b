"""Cloud resources of customers, the quotas reserved for them, and when they were frozen."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models.functions import Lower

from catalog.choices import BillingMode, Period
from catalog.models import Product, Region
from catalog.rules import specs
from partner_center.amounts import PricingQuantityField
from partner_center.tenancy import TenantOwned, TenantQuerySet

from .choices import ExpiryPolicy, ReleaseCause, ResourceStatus


class CloudResourceQuerySet(TenantQuerySet):
    """Resources; partners reach those of their customers through ``resources.queries``."""

    def existing(self) -> Self:
        """Not released."""
        return self.exclude(status=ResourceStatus.RELEASED)

    def mains(self) -> Self:
        """Not attached to another resource."""
        return self.filter(parent=None)


class EnterpriseProject(TenantOwned):
    """A customer's own grouping of resources and their costs; ``account`` is the customer (08 §10.5).

    What is in none is in the project ``default``, which is no row (API: ID ``0``).
    """

    #: As the API names it.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=64)
    description = models.CharField(max_length=256, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("account", Lower("name"), name="enterprise_project_name")
        ]

    def __str__(self) -> str:
        return self.name


class CloudResource(TenantOwned):
    """One resource of a customer (04 §8.3.1.9); ``account`` is the customer.

    The clone provisions a record, not a machine (08-BUY-09). Resources that only a usage file knows
    are entered by the intake, without an order. A reserved instance, savings plan or resource package
    is a resource too: ``mode`` tells.
    """

    #: As the provider names it; unique within the customer.
    resource_id = models.CharField(max_length=512)
    name = models.CharField(max_length=255, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    zone = models.CharField(max_length=64, blank=True)
    mode = models.CharField(max_length=16, choices=BillingMode)
    spec_text = models.CharField(max_length=255, blank=True)
    #: Linear size in the unit of the product's specification.
    size = models.PositiveIntegerField(null=True, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    #: What the customer chose on the configuration page beyond the columns.
    configuration = models.JSONField(default=dict, blank=True)
    tags = models.JSONField(default=dict, blank=True)
    #: Main resource that this one is attached to: it is renewed and unsubscribed with it.
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="attached"
    )
    #: Where it is now; absent: in the project default. Where it was: ``ProjectStay``.
    project = models.ForeignKey(
        EnterpriseProject, on_delete=models.PROTECT, null=True, blank=True, related_name="resources"
    )
    status = models.CharField(max_length=16, choices=ResourceStatus, default=ResourceStatus.RUNNING)
    #: Since when account and resources are frozen; absent: not frozen.
    frozen_at = models.DateTimeField(null=True, blank=True)
    #: The order that it was bought with, and the last one that changed its term.
    order_no = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    #: End of the term of a yearly/monthly or reserved product; absent for pay-per-use.
    expires_at = models.DateTimeField(null=True, blank=True)
    period = models.CharField(max_length=8, choices=Period, blank=True, default="")
    #: After expiry or freezing it is kept until then, and released.
    retained_until = models.DateTimeField(null=True, blank=True)
    expiry_policy = models.CharField(
        max_length=8, choices=ExpiryPolicy, default=ExpiryPolicy.RETAIN
    )
    #: Renewals that are left; absent: without limit (API B.25).
    auto_renewals_left = models.PositiveSmallIntegerField(null=True, blank=True)
    auto_renew_period = models.CharField(max_length=8, choices=Period, blank=True, default="")
    released_at = models.DateTimeField(null=True, blank=True)
    release_cause = models.CharField(
        max_length=16, choices=ReleaseCause, blank=True, default=ReleaseCause.NONE
    )
    #: Known from usage only.
    is_discovered = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    objects = CloudResourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "resource_id"], name="cloud_resource_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(status=ResourceStatus.RELEASED, released_at__isnull=False)
                & ~models.Q(release_cause="")
                | ~models.Q(status=ResourceStatus.RELEASED)
                & models.Q(released_at=None, release_cause=""),
                name="cloud_resource_released_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at=None)
                | models.Q(expires_at__gt=models.F("effective_at")),
                name="cloud_resource_term_positive",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "mode", "-created_at"], name="cloud_resource_of_customer"
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status__in=["running", "stopped"], expires_at__isnull=False),
                name="cloud_resource_expiring",
            ),
            models.Index(
                fields=["retained_until"],
                condition=models.Q(retained_until__isnull=False, released_at=None),
                name="cloud_resource_retained",
            ),
        ]

    @property
    def spec_words(self) -> str:
        """The specification as pages print it; reads the product."""
        return specs.words(self.spec_text, self.mode, self.product.name)

    def __str__(self) -> str:
        return self.name or self.resource_id

    @property
    def is_frozen(self) -> bool:
        """Account and resources are frozen and this one is still there."""
        return self.frozen_at is not None and self.status != ResourceStatus.RELEASED


class ProjectStay(TenantOwned):
    """From when to when a resource was in an enterprise project; ``account`` is the customer.

    A charge belongs to the project of its moment, wherever the resource is moved afterwards.
    """

    resource = models.ForeignKey(CloudResource, on_delete=models.PROTECT, related_name="stays")
    project = models.ForeignKey(EnterpriseProject, on_delete=models.PROTECT, related_name="stays")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource"], condition=models.Q(ended_at=None), name="project_stay_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="project_stay_ordered",
            ),
        ]
        indexes = [models.Index(fields=["account", "resource"], name="project_stay_of_customer")]

    def __str__(self) -> str:
        return f"{self.resource}: {self.project}"


class FrozenInterval(TenantOwned):
    """From when to when resources of a customer stood still; ``account`` is the customer.

    Usage of this time is not charged (04 matrix, last row). At most one is open for a customer.
    """

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(ended_at=None),
                name="frozen_interval_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="frozen_interval_ordered",
            ),
        ]
        indexes = [models.Index(fields=["account", "began_at"], name="frozen_interval_of_customer")]

    def __str__(self) -> str:
        return f"{self.account}: {self.began_at}"


class PackageQuota(TenantOwned):
    """What one resource package leaves free in one cycle; ``account`` is the customer.

    One row for each calendar month of a resettable package, one row for each term of another.
    Amounts are in the pricing unit of the product. ``used`` is written by the rating alone, with the
    charges that it covers (API B.36 to B.38).
    """

    resource = models.ForeignKey(CloudResource, on_delete=models.PROTECT, related_name="quotas")
    #: The billing cycle of a resettable package; empty: a whole term.
    cycle = models.CharField(max_length=7, blank=True, default="")
    quota = PricingQuantityField()
    used = PricingQuantityField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "cycle"],
                condition=~models.Q(cycle=""),
                name="package_quota_of_month",
            ),
            models.UniqueConstraint(
                fields=["resource", "starts_at"],
                condition=models.Q(cycle=""),
                name="package_quota_of_term",
            ),
            models.CheckConstraint(
                condition=models.Q(used__gte=0, used__lte=models.F("quota")),
                name="package_quota_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource}: {self.used} of {self.quota}"


class RenewalSettings(TenantOwned):
    """When renewals of a customer are paid and end (API B.27); ``account`` is the customer."""

    #: Days before expiry on which auto-renewal is first tried, at 03:00 GMT+08:00.
    deduction_days = models.PositiveSmallIntegerField(default=7)
    #: Common day of expiry after a renewal: 1 to 28, -1 the last of the month; absent: as bought.
    expiry_day = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "renewal settings"
        constraints = [
            models.UniqueConstraint(fields=["account"], name="renewal_settings_one"),
            models.CheckConstraint(
                condition=models.Q(deduction_days__range=(2, 7)), name="renewal_settings_days"
            ),
            models.CheckConstraint(
                condition=models.Q(expiry_day=None)
                | models.Q(expiry_day=-1)
                | models.Q(expiry_day__range=(1, 28)),
                name="renewal_settings_expiry_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Renewals of {self.account}"
