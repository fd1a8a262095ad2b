"""Invoices, what they are made out to, and the tickets about them (05 §8.4.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partner_center.tenancy import TenantOwned

from ..choices import CertificateState, InvoiceState, InvoiceTicketKind, TicketState
from ..fields import CentField
from ..rules import invoices as rules
from .bills import Bill

#: States in which an invoice stands for its bill; one at most does.
LIVE_STATES = (InvoiceState.PENDING, InvoiceState.INVOICED, InvoiceState.RETURNING)
#: States in which the operator has not decided on a ticket.
OPEN_STATES = (TicketState.SUBMITTED, TicketState.PROCESSING)
REASON_LENGTH = 256


class InvoiceNumber(models.Model):
    """The last number of a series; locked by whoever takes the next, so that none is left out."""

    series = models.CharField(max_length=16, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class InvoiceInfo(TenantOwned):
    """What a partner's invoices are made out to, and whether they are mailed (05-INV-05, INV-06)."""

    account = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    address = models.CharField(max_length=512, blank=True)
    email = models.EmailField(blank=True)
    by_email = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Invoice information of {self.account}"


class Invoice(TenantOwned):
    """An invoice of a bill; what it says was fixed when it was made. USD unless said otherwise.

    ``printed`` holds what the PDF shows: seller, buyer, tax IDs, top-up account, lines, taxes.
    """

    number = models.CharField(_("Invoice No."), max_length=32, unique=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="invoices")
    amount = CentField()
    state = models.CharField(max_length=16, choices=InvoiceState, default=InvoiceState.PENDING)
    printed = models.JSONField(default=dict)
    file = models.CharField(max_length=200, blank=True)
    #: The returned invoice that this one replaces.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    created_at = models.DateTimeField()
    invoiced_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    #: Returned or void since, and why.
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    #: Why the PDF could not be made at the last try, for the operator.
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bill"],
                condition=models.Q(state__in=LIVE_STATES),
                name="invoice_one_live",
            )
        ]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="invoice_of_partn"),
            models.Index(
                fields=["id"], condition=models.Q(state="pending"), name="invoice_pending"
            ),
        ]

    @property
    def period(self) -> str:
        """The billing cycle as the pages print it: ``202208``."""
        return rules.period(self.bill.cycle)

    @property
    def content(self) -> str:
        """What it is for (Invoice Content)."""
        return str(_("Cloud services"))

    @property
    def file_name(self) -> str:
        """What the PDF is called when it is downloaded or mailed."""
        return f"{self.number}.pdf"

    @property
    def is_made(self) -> bool:
        """Whether there is a PDF."""
        return self.invoiced_at is not None

    def __str__(self) -> str:
        return self.number


class InvoiceTicket(TenantOwned):
    """A missing invoice is asked for, or an invoice goes back (05-INV-03, INV-04)."""

    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=InvoiceTicketKind)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    description = models.CharField(max_length=1000)
    attachment = models.FileField(upload_to="invoice-tickets/")
    original_name = models.CharField(_("attachment"), max_length=128, default="", blank=True)
    state = models.CharField(max_length=16, choices=TicketState, default=TicketState.SUBMITTED)
    reason = models.CharField(_("reason of rejection"), max_length=REASON_LENGTH, blank=True)
    #: The invoice that was issued for it.
    outcome = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("new invoice"),
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "kind"],
                condition=models.Q(state__in=OPEN_STATES),
                name="invoice_ticket_one_open",
            )
        ]
        indexes = [models.Index(fields=["account", "-submitted_at"], name="invoice_ticket_of")]

    @property
    def is_open(self) -> bool:
        """Whether the operator has not decided yet."""
        return self.state in OPEN_STATES

    def __str__(self) -> str:
        return self.number


class WithholdingCertificate(TenantOwned):
    """Proof that the partner paid tax that it withheld from a bill (06-DIV-01, 08-TAX-08)."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="certificates")
    file = models.FileField(upload_to="wht-certificates/")
    original_name = models.CharField(_("certificate"), max_length=128, default="", blank=True)
    state = models.CharField(
        max_length=16, choices=CertificateState, default=CertificateState.UPLOADED
    )
    reason = models.CharField(_("reason of rejection"), max_length=REASON_LENGTH, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bill"],
                condition=models.Q(
                    state__in=[CertificateState.UPLOADED, CertificateState.ACCEPTED]
                ),
                name="certificate_one_valid",
            )
        ]
        indexes = [models.Index(fields=["account", "-uploaded_at"], name="certificate_of_partn")]

    def __str__(self) -> str:
        return f"Certificate {self.pk}"


class TaxNotice(models.Model):
    """What the operator tells partners registered in one country about withholding tax (08 §14.8)."""

    country = CountryField(unique=True)
    #: Where the certificate of the tax authority goes (TAX-07).
    delivery = models.TextField(_("delivery of certificates"), max_length=1000)
    agreement_url = models.URLField(_("updated agreement"), blank=True)
    #: Proof of the operator's residence, for treaty rates (TAX-06).
    residence_title = models.CharField(
        _("title of the Tax Resident Certificate"), max_length=128, blank=True
    )
    residence_file = models.FileField(
        _("Tax Resident Certificate"), upload_to="tax-residence/", blank=True
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.country.name)
