"""Invoices, what they are made out to, and the tickets about them (05 §8.4.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.tenancy import TenantOwned

from ..choices import CertificateState, InvoiceState, InvoiceTicketKind, TicketState
from ..fields import CentField
from .bills import Bill


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

    ``printed`` holds what the PDF shows: payee, addresses, tax ID, top-up account, lines, taxes.
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

    class Meta:
        indexes = [models.Index(fields=["account", "-created_at", "-id"], name="invoice_of_partn")]

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
    state = models.CharField(max_length=16, choices=TicketState, default=TicketState.SUBMITTED)
    reason = models.CharField(_("reason of rejection"), max_length=256, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-submitted_at"], name="invoice_ticket_of")]

    def __str__(self) -> str:
        return self.number


class WithholdingCertificate(TenantOwned):
    """Proof that the partner paid tax that it withheld from a bill (06-DIV-01, 08-TAX-08)."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="certificates")
    file = models.FileField(upload_to="wht-certificates/")
    state = models.CharField(
        max_length=16, choices=CertificateState, default=CertificateState.UPLOADED
    )
    reason = models.CharField(_("reason of rejection"), max_length=256, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-uploaded_at"], name="certificate_of_partn")]

    def __str__(self) -> str:
        return f"Certificate {self.pk}"
