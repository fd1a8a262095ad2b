"""Invoices, tickets about them, withholding-tax certificates, tax notices (05-INV-09, 06-DIV-01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanWidget,
)

from partner_center import money
from partner_center.actors import Actor
from partner_center.admin import (
    BILLING,
    EstimatedPaginator,
    PortalModelAdmin,
    SeenForm,
    owner_column,
    site,
)
from partner_center.uploads import DOCUMENT, CheckedFileField, send_file

from ..choices import CertificateState, InvoiceState, InvoiceTicketKind, TicketState
from ..models import Invoice, InvoiceTicket, TaxNotice, WithholdingCertificate
from ..models.invoices import OPEN_STATES, REASON_LENGTH
from ..permissions import OPERATE_INVOICES, OPERATE_TERMS
from ..queries import operating_invoices as queries
from ..services import invoice_tickets, invoicing, tax_notices, withholding

INVOICE_COLOURS = {
    InvoiceState.PENDING.label: "info",
    InvoiceState.INVOICED.label: "success",
    InvoiceState.RETURNING.label: "warning",
    InvoiceState.RETURNED.label: "default",
    InvoiceState.VOID.label: "default",
}
TICKET_COLOURS = {
    TicketState.SUBMITTED.label: "warning",
    TicketState.PROCESSING.label: "info",
    TicketState.COMPLETED.label: "success",
    TicketState.REJECTED.label: "danger",
}
CERTIFICATE_COLOURS = {
    CertificateState.UPLOADED.label: "warning",
    CertificateState.ACCEPTED.label: "success",
    CertificateState.REJECTED.label: "danger",
}


class ReasonForm(forms.Form):
    """What the partner reads."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy("The partner reads it."),
    )


class VoidForm(ReasonForm):
    """Why, and whether another invoice follows."""

    issues_again = forms.BooleanField(
        label=gettext_lazy("Issue a new invoice under the next number"),
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
    )


class _InvoiceAdmin(PortalModelAdmin):
    view_permission = OPERATE_INVOICES
    manage_permission = OPERATE_INVOICES
    group = BILLING
    paginator = EstimatedPaginator
    partner = owner_column(gettext_lazy("Partner"))

    def send(
        self, request: HttpRequest, find: Callable[[Actor, int], tuple[File, str]], object_id: str
    ) -> FileResponse:
        """A private file that belongs to a row."""
        content, name = find(request.actor, self.row(request, object_id).pk)  # type: ignore[attr-defined]
        return send_file(content, name)


@admin.register(Invoice, site=site)
class InvoiceAdmin(_InvoiceAdmin):
    """All invoices; one whose PDF fails says why."""

    icon = "receipt_long"
    list_display = (
        *("number", "partner", "bill", "amount", "shown_state", "created_at", "invoiced_at"),
        "failure",
    )
    list_select_related = ("account", "bill", "replaces")
    list_filter = ("state",)
    search_fields = ("number", "bill__number", "account__name")
    ordering = ("-id",)
    fields = (
        *("number", "account", "bill", "amount", "shown_state", "replaces", "created_at"),
        *("invoiced_at", "mailed_at", "closed_at", "close_reason", "failure"),
    )
    readonly_fields = ("shown_state",)
    actions_detail = ("download", "make_again", "void")

    @display(description=gettext_lazy("State"), ordering="state", label=dict(INVOICE_COLOURS))
    def shown_state(self, invoice: Invoice) -> str:
        """The state with its colour."""
        return invoice.get_state_display()

    def has_made_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered once there is a PDF."""
        rows = self.get_queryset(request).filter(pk=object_id).exclude(invoiced_at=None)
        return self.may_manage(request) and rows.exists()

    def has_standing_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while it counts and nobody returns it."""
        states = (InvoiceState.PENDING, InvoiceState.INVOICED)
        rows = self.get_queryset(request).filter(pk=object_id, state__in=states)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Download"), permissions=["made"])
    def download(self, request: HttpRequest, object_id: str) -> FileResponse:
        """The PDF."""
        return self.send(request, queries.open_pdf, object_id)

    @action(description=gettext_lazy("Make the PDF Again"), permissions=["made"])
    def make_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Draw it once more."""
        return self.operate(
            request,
            object_id,
            invoicing.make_again,
            title=_("Make the PDF Again"),
            consequence=_(
                "The PDF is drawn again from what was fixed when the invoice was made: number, "
                "amounts, addresses and account stay as they were. It is not mailed again."
            ),
        )

    @action(description=gettext_lazy("Void"), permissions=["standing"])
    def void(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back."""
        return self.operate(
            request,
            object_id,
            invoice_tickets.void,
            title=_("Void"),
            consequence=_(
                "The invoice counts no more and keeps its number; the bill stays as it is. The "
                "partner is told."
            ),
            form_class=VoidForm,
            initial={"issues_again": True},
        )


@admin.register(InvoiceTicket, site=site)
class InvoiceTicketAdmin(_InvoiceAdmin):
    """The queue of requests and returns: what was sent longest ago first."""

    icon = "contact_support"
    list_display = (
        *("number", "partner", "kind", "bill", "invoice", "shown_state", "submitted_at"),
        "closed_at",
    )
    list_select_related = ("account", "bill", "invoice", "outcome", "submitted_by")
    list_filter = ("state", "kind")
    search_fields = ("number", "invoice__number", "bill__number", "account__name")
    ordering = ("-closed_at", "submitted_at")
    fields = (
        *("number", "account", "kind", "bill", "invoice", "description", "original_name"),
        *("shown_state", "reason", "outcome", "submitted_by", "submitted_at", "closed_at"),
    )
    readonly_fields = ("shown_state",)
    actions_detail = ("attachment", "take", "accept", "reject")

    @display(description=gettext_lazy("State"), ordering="state", label=dict(TICKET_COLOURS))
    def shown_state(self, ticket: InvoiceTicket) -> str:
        """The state with its colour."""
        return ticket.get_state_display()

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while nobody has decided."""
        rows = self.get_queryset(request).filter(pk=object_id, state__in=OPEN_STATES)
        return self.may_manage(request) and rows.exists()

    def has_new_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while nobody works on it."""
        rows = self.get_queryset(request).filter(pk=object_id, state=TicketState.SUBMITTED)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Attachment"), permissions=["manage"])
    def attachment(self, request: HttpRequest, object_id: str) -> FileResponse:
        """What the partner attached."""
        return self.send(request, queries.open_attachment, object_id)

    @action(description=gettext_lazy("Process"), permissions=["new"])
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that somebody works on it."""
        return self.operate(
            request,
            object_id,
            invoice_tickets.take,
            title=_("Process"),
            consequence=_("The partner sees the ticket as Processing."),
        )

    @action(description=gettext_lazy("Accept"), permissions=["open"])
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Do what it asks."""
        returns = self.row(request, object_id).kind == InvoiceTicketKind.RETURN
        return self.operate(
            request,
            object_id,
            invoice_tickets.accept,
            title=_("Accept"),
            consequence=_(
                "The invoice is returned, and a new one is issued under the next number with the "
                "partner’s present invoice information. The partner is told."
            )
            if returns
            else _("The invoice of the bill is issued. The partner is told."),
        )

    @action(description=gettext_lazy("Reject"), permissions=["open"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Decline."""
        return self.operate(
            request,
            object_id,
            invoice_tickets.reject,
            title=_("Reject"),
            consequence=_("Nothing is issued; an invoice on its way back counts again."),
            form_class=ReasonForm,
        )


@admin.register(WithholdingCertificate, site=site)
class CertificateAdmin(_InvoiceAdmin):
    """Certificates of withholding tax: what was uploaded longest ago first."""

    icon = "workspace_premium"
    list_display = (
        *("partner", "bill", "withheld", "shown_state", "uploaded_at", "decided_at", "reason"),
    )
    list_select_related = ("account", "bill", "uploaded_by")
    list_filter = ("state",)
    search_fields = ("bill__number", "account__name")
    ordering = ("-decided_at", "uploaded_at")
    fields = (
        *("account", "bill", "withheld", "original_name", "shown_state", "reason"),
        *("uploaded_by", "uploaded_at", "decided_at"),
    )
    readonly_fields = ("withheld", "shown_state")
    actions_detail = ("certificate", "accept", "reject")

    @display(description=gettext_lazy("State"), ordering="state", label=dict(CERTIFICATE_COLOURS))
    def shown_state(self, certificate: WithholdingCertificate) -> str:
        """The state with its colour."""
        return certificate.get_state_display()

    @admin.display(description=gettext_lazy("Withheld (USD)"))
    def withheld(self, certificate: WithholdingCertificate) -> str:
        """What the certificate must prove."""
        return money.number(certificate.bill.withheld)

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while nobody has decided."""
        rows = self.get_queryset(request).filter(pk=object_id, state=CertificateState.UPLOADED)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Certificate"), permissions=["manage"])
    def certificate(self, request: HttpRequest, object_id: str) -> FileResponse:
        """The file."""
        return self.send(request, queries.open_certificate, object_id)

    @action(description=gettext_lazy("Accept"), permissions=["open"])
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It is valid."""
        return self.operate(
            request,
            object_id,
            withholding.accept,
            title=_("Accept"),
            consequence=_("With the net payment the bill counts as settled. The partner is told."),
        )

    @action(description=gettext_lazy("Reject"), permissions=["open"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It is not valid."""
        return self.operate(
            request,
            object_id,
            withholding.reject,
            title=_("Reject"),
            consequence=_("The partner reads the reason and can upload another one."),
            form_class=ReasonForm,
        )


class TaxNoticeForm(SeenForm):
    """What partners of a country read."""

    seen_fields = tax_notices.FIELDS
    agreement_url = forms.URLField(
        label=gettext_lazy("Updated agreement"),
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )
    new_file = CheckedFileField(
        label=gettext_lazy("Tax Resident Certificate"),
        rules=DOCUMENT,
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy("Replaces the present one. PDF, up to 20 MB."),
    )


@admin.register(TaxNotice, site=site)
class TaxNoticeAdmin(PortalModelAdmin):
    """Tax notices by country (08 §14.8)."""

    view_permission = OPERATE_INVOICES
    manage_permission = OPERATE_TERMS
    group = BILLING
    changeable = True
    icon = "gavel"
    form = TaxNoticeForm
    list_display = ("country", "residence_title", "has_file", "changed_at")
    ordering = ("country",)
    fields = ("country", *tax_notices.FIELDS, "new_file", "changed_at", "seen")
    readonly_fields = ("country", "changed_at")

    @admin.display(description=gettext_lazy("Certificate published"), boolean=True)
    def has_file(self, notice: TaxNotice) -> bool:
        """Whether partners can download it."""
        return bool(notice.residence_file)

    def write(self, actor: Actor, form: Any, row: Any) -> TaxNotice:
        """Change it."""
        given = dict(form.cleaned_data)
        return tax_notices.change(
            actor,
            row.pk,
            values={name: given[name] for name in tax_notices.FIELDS},
            residence_file=given["new_file"] or None,
            seen=given["seen"],
        )
