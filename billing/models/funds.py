"""The money of a partner: its account, statements, cards, payments, transfers (05 §8.4.1.6 to 8.4.2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.tenancy import TenantOwned

from ..choices import (
    CardIdKind,
    CardState,
    EntryType,
    PaymentPurpose,
    PaymentState,
    TicketState,
)
from ..fields import CentField, RateField
from .bills import Bill


class PartnerAccount(TenantOwned):
    """The top-up account that a partner pays its bills from; ``balance`` in USD (05-ACC-02)."""

    account = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    balance = CentField(default=0)
    #: Days from issue until a bill is overdue (C-09).
    term_days = models.PositiveSmallIntegerField(_("payment term in days"), default=30)
    #: With whom the partner has signed: decides where it transfers to, and whether a distributor may
    #: pay online (05-REP-07, REP-13).
    signing_entity = models.CharField(
        _("signing entity"), max_length=128, default="Huawei Services (Hong Kong) Co., Limited"
    )
    #: The gateway's own name of the partner; empty while the partner has no card.
    gateway_customer = models.CharField(max_length=128, blank=True, editable=False)
    #: When the first valid card set the consumption quota: that happens once (05-PMT-02).
    card_quota_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(balance__gte=0), name="partner_account_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"Account of {self.account}"


class Card(TenantOwned):
    """A credit card of a partner: what the gateway gave us instead of its number (05-PMT-14)."""

    token = models.CharField(max_length=128, blank=True)
    brand = models.CharField(max_length=32, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    holder = models.CharField(max_length=128)
    expires_month = models.PositiveSmallIntegerField()
    expires_year = models.PositiveSmallIntegerField()
    #: RUT or Otro, in Chile (05-PMT-06).
    id_kind = models.CharField(max_length=8, choices=CardIdKind, blank=True)
    id_number = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=16, choices=CardState, default=CardState.VERIFYING)
    is_default = models.BooleanField(default=False)
    #: Why it failed (05-PMT-09).
    result = models.CharField(max_length=255, blank=True)
    agreement_version = models.CharField(max_length=16, blank=True)
    #: The gateway's number of the identity verification (05-PMT-07).
    verification = models.CharField(max_length=128, blank=True, editable=False)
    #: Test charges so far: one when the card is added, one with each change of its validity period.
    tests = models.PositiveSmallIntegerField(default=0, editable=False)
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_default=True),
                name="card_one_default",
            ),
            models.UniqueConstraint(
                fields=["account", "token"],
                condition=~models.Q(token="") & ~models.Q(state="deleted"),
                name="card_token_unique",
            ),
        ]
        indexes = [models.Index(fields=["account", "-added_at"], name="card_of_partner")]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}"


class Payment(TenantOwned):
    """Money moved through the gateway; ``key`` makes it happen once."""

    key = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16, choices=PaymentPurpose)
    state = models.CharField(max_length=16, choices=PaymentState, default=PaymentState.PENDING)
    card = models.ForeignKey(
        Card, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    #: The bill that an automatic charge is for.
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    #: Charges for the same thing: of a bill, or of one crossing of the quota.
    series = models.CharField(max_length=48, blank=True, editable=False)
    #: In USD, and what the card is charged in the payment currency.
    amount = CentField()
    currency = models.CharField(max_length=3, default="USD")
    rate = RateField(default=1)
    currency_amount = CentField()
    #: The gateway's own number of it.
    reference = models.CharField(max_length=128, blank=True)
    failure = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    refunded_at = models.DateTimeField(null=True, blank=True)
    #: Who paid, or asked for the refund; nobody for what a job charges.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive"),
            #: One payment at a time: what it settles is known before the next one is begun.
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state="pending") & ~models.Q(purpose="verification"),
                name="payment_one_pending",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~models.Q(reference=""),
                name="payment_reference_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="payment_of_partner"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="pending"),
                name="payment_pending",
            ),
            models.Index(fields=["series"], condition=~models.Q(series=""), name="payment_series"),
        ]

    def __str__(self) -> str:
        return self.key


class StatementEntry(TenantOwned):
    """One line of an account statement; append-only (05-STM-06). USD, ``amount`` signed."""

    number = models.CharField(_("Transaction SN"), max_length=32, unique=True)
    at = models.DateTimeField()
    type = models.CharField(max_length=16, choices=EntryType)
    amount = CentField()
    #: After this entry.
    balance = CentField()
    bill = models.ForeignKey(
        Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    remarks = models.CharField(max_length=256, blank=True)

    class Meta:
        verbose_name_plural = "statement entries"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount=0) & models.Q(balance__gte=0),
                name="statement_entry_whole",
            )
        ]
        indexes = [models.Index(fields=["account", "-at", "-id"], name="statement_of_partner")]

    def __str__(self) -> str:
        return self.number


class TopUpAccount(models.Model):
    """A bank account that partners transfer to: by signing entity and currency; the newest counts."""

    signing_entity = models.CharField(max_length=128)
    currency = models.CharField(max_length=3)
    payee = models.CharField(max_length=128)
    address = models.CharField(max_length=256)
    bank = models.CharField(max_length=128)
    bank_account = models.CharField(_("account"), max_length=64)
    swift_code = models.CharField("SwiftCode", max_length=16)
    valid_from = models.DateTimeField()

    class Meta:
        verbose_name = "top-up account"
        verbose_name_plural = "top-up accounts"
        ordering = ("signing_entity", "currency", "-valid_from")

    def __str__(self) -> str:
        return f"{self.payee} {self.currency}"


class TransferTicket(TenantOwned):
    """A partner says that it has transferred money; the operator confirms with four eyes (05-REP-09)."""

    number = models.CharField(max_length=32, unique=True)
    topped_up_on = models.DateField(_("Top-Up Time"))
    amount = CentField(_("Topped-Up Amount"))
    bank_account = models.CharField(_("Bank Account"), max_length=64)
    description = models.CharField(_("Problem Description"), max_length=1000, blank=True)
    certificate = models.FileField(upload_to="transfer-certificates/")
    #: What the partner called it.
    certificate_name = models.CharField(max_length=128, default="", editable=False)
    state = models.CharField(max_length=16, choices=TicketState, default=TicketState.SUBMITTED)
    #: Confirmed by the first member of staff, to be approved by another.
    confirmed_amount = CentField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason of rejection"), max_length=256, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | ~models.Q(approved_by=models.F("confirmed_by")),
                name="transfer_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["account", "-submitted_at"], name="transfer_of_partner")]

    def __str__(self) -> str:
        return self.number


class SandboxDeal(models.Model):
    """What the sandbox gateway remembers, in place of a payment company: charges by their key.

    Only :mod:`billing.gateways.sandbox` reads and writes it. No number of a card is in it.
    """

    key = models.CharField(max_length=96, unique=True)
    token = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, unique=True)
    amount = CentField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    outcome = models.CharField(max_length=16)
    failure = models.CharField(max_length=255, blank=True)
    refunded = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.reference
