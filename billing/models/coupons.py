"""Coupons of partners: deducted when a bill is generated (05 §8.4.5)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.choices import BillingMode
from catalog.models import ServiceType
from partner_center.tenancy import TenantOwned

from ..choices import CouponKind, CouponMove, CouponSource
from ..fields import CouponAmountField, loose_key
from .bills import Bill


class Coupon(TenantOwned):
    """A coupon that the operator issued to a partner; ``account`` is the partner.

    ``balance`` is what is left, in USD; it is the sum of the entries. Past ``ends_at`` or revoked, it is
    invalid.
    """

    number = models.CharField(_("ID"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=64)
    kind = models.CharField(max_length=8, choices=CouponKind, default=CouponKind.CASH)
    source = models.CharField(max_length=8, choices=CouponSource)
    face_value = CouponAmountField()
    balance = CouponAmountField()
    starts_at = models.DateTimeField(_("valid from"))
    ends_at = models.DateTimeField(_("valid until"))
    #: Assigned to one customer; such ones are used first (05-CPR-04).
    customer = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Only for customers of this reseller.
    reseller = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    modes = ArrayField(
        models.CharField(max_length=16, choices=BillingMode),
        verbose_name=_("billing modes"),
        default=list,
        blank=True,
        help_text=_("Empty: all."),
    )
    #: Cloud services that it pays; none: all but the excluded ones.
    applicable = models.ManyToManyField(ServiceType, blank=True, related_name="+")
    excluded = models.ManyToManyField(ServiceType, blank=True, related_name="+")
    #: Marketplace products are paid only where a coupon says so (05-KGR-11).
    pays_marketplace = models.BooleanField(_("pays for Marketplace products"), default=False)
    remarks = models.CharField(max_length=256, blank=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    #: Of the page that it was issued on: sent twice, it issues one coupon.
    request_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(balance__gte=0, balance__lte=models.F("face_value")),
                name="coupon_balance_within_face_value",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="coupon_span"
            ),
        ]
        indexes = [models.Index(fields=["account", "ends_at", "id"], name="coupon_of_partner")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class CouponEntry(TenantOwned):
    """One change of a coupon's balance; append-only: the cash coupon quota history (05-CPV-03)."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="entries")
    move = models.CharField(max_length=8, choices=CouponMove)
    #: Signed, in USD.
    amount = CouponAmountField()
    balance = CouponAmountField()
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="coupon_entries"
    )
    at = models.DateTimeField()
    remarks = models.CharField(max_length=256, blank=True)

    class Meta:
        verbose_name_plural = "coupon entries"
        indexes = [models.Index(fields=["account", "-at", "-id"], name="coupon_entry_of_partner")]

    def __str__(self) -> str:
        return f"{self.coupon}: {self.amount}"


class CouponUse(models.Model):
    """What a coupon paid of one line of a bill, or got back by one (negative); append-only."""

    coupon = loose_key(Coupon, on_delete=models.PROTECT, related_name="uses")
    bill = loose_key(Bill, on_delete=models.PROTECT, related_name="coupon_uses", db_index=True)
    cycle = models.CharField(max_length=7)
    #: Number of the bill line, that is of its charge.
    record_id = models.BigIntegerField()
    amount = CouponAmountField()
    #: Of what came back: number of the line that the coupon had paid.
    gives_back = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coupon", "cycle", "record_id"], name="coupon_use_once")
        ]
        indexes = [
            models.Index(fields=["record_id"], name="coupon_use_of_line"),
            models.Index(
                fields=["gives_back"],
                condition=models.Q(gives_back__isnull=False),
                name="coupon_use_given_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coupon}: {self.amount}"


class CouponNotice(TenantOwned):
    """Whether a partner wants the mails about its test coupons; without a row it does (05-CPN-02)."""

    is_on = models.BooleanField(default=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account"], name="coupon_notice_of_account")]

    def __str__(self) -> str:
        return f"{self.account}: {self.is_on}"
