"""Sales > Financial Information > Invoices (05 §8.4.3, 06 §9.2.4.3)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.files import File
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.uploads import PrivateFileView
from partner_center.views import PortalView, add_refusal

from ..filters.invoices import CertificateFilterSet, InvoiceFilterSet, InvoiceTicketFilterSet
from ..forms import invoices as forms
from ..models import InvoiceInfo, InvoiceTicket
from ..permissions import MANAGE_INVOICES, VIEW_INVOICES
from ..queries import invoices as queries
from ..queries import withholding
from ..rules.invoices import paper_of, period
from ..services import invoice_info, invoice_tickets
from ..services import withholding as certificates
from ..tables.invoices import CertificateTable, InvoiceTable, InvoiceTicketTable

AUDIENCES = frozenset({Audience.PARTNER})


class OwnInvoices(PortalView):
    """For partners that get bills: resellers' customers are on their distributor's (06-DBL)."""

    permission = VIEW_INVOICES
    audiences = AUDIENCES


class _Tabs(OwnInvoices, PortalListView):
    """One of the lists of the page; ``tab`` is its own address."""

    tab: ClassVar[str]
    title = gettext_lazy("Invoices")
    template_name = "billing/invoices/list.html"

    def get_extra_context(self) -> dict[str, Any]:
        """The lists beside this one, and whether there is a tax notice for the account."""
        labels = {
            "billing:invoices": _("Invoices"),
            "billing:invoice-tickets": _("Service Tickets"),
        }
        if withholding.has_withheld(self.actor):
            labels["billing:certificates"] = _("WHT Certificates")
        return {
            "sections": [
                {"label": label, "url": reverse(name), "current": name == self.tab}
                for name, label in labels.items()
            ],
            "notice": withholding.find_notice(self.actor),
            "info": queries.info_of(self.actor),
        }


class InvoiceListView(_Tabs):
    """The invoices of the account (05-INV-02)."""

    tab = "billing:invoices"
    list_name = "invoices"
    basis = gettext_lazy("Made automatically after the partner bill, on the 5th of the month")
    queryset = staticmethod(queries.list_invoices)
    filterset_class = InvoiceFilterSet
    table_class = InvoiceTable
    empty_title = gettext_lazy("No invoices yet")
    empty_text = gettext_lazy("After your first partner bill its invoice stands here.")
    empty_icon = "file-text"


class InvoiceTicketListView(_Tabs):
    """Tickets about invoices, with their states."""

    tab = "billing:invoice-tickets"
    list_name = "invoice_tickets"
    queryset = staticmethod(queries.list_tickets)
    filterset_class = InvoiceTicketFilterSet
    table_class = InvoiceTicketTable
    empty_title = gettext_lazy("No service tickets yet")
    empty_text = gettext_lazy("Ask for a missing invoice, or return one, on the tab Invoices.")
    empty_icon = "ticket"


class CertificateListView(_Tabs):
    """Bills with withheld tax and their certificates (06-DIV-01)."""

    tab = "billing:certificates"
    list_name = "wht_certificates"
    queryset = staticmethod(withholding.list_withheld)
    filterset_class = CertificateFilterSet
    table_class = CertificateTable
    empty_title = gettext_lazy("No bills with withholding tax")
    empty_icon = "certificate"


class InvoiceView(OwnInvoices):
    """One invoice: what it says, and what became of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it; as it will be printed once its PDF is made."""
        invoice = queries.get_invoice(self.actor, pk)
        context = {
            "title": invoice.number,
            "invoice": invoice,
            "printed": paper_of(invoice.number, invoice.printed) if invoice.printed else None,
            "crumbs": [(invoice.number, "")],
        }
        return render(request, "billing/invoices/invoice.html", context)


class InvoiceDownloadView(OwnInvoices, PrivateFileView):
    """Download (05-INV-02)."""

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The PDF. Raises InvoiceNotMade, NotFound."""
        return queries.open_pdf(self.actor, kwargs["pk"])


class InvoiceDialog(OwnInvoices):
    """A form or dialog of the page; ``back`` is where it leads after success."""

    permission = MANAGE_INVOICES
    title: ClassVar[str | Promise]
    back: ClassVar[str] = "billing:invoices"
    #: What the button says; empty: the template's own.
    verb: ClassVar[str | Promise] = ""
    template_name: ClassVar[str] = "portal/dialog.html"

    def show(self, form: Form, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render it."""
        words = {
            "title": self.title,
            "form": form,
            "submit_label": self.verb,
            "cancel_url": reverse(self.back),
            "crumbs": [(self.title, "")],
        }
        return render(self.request, self.template_name, words | context, status=status)

    def refused(self, form: Form, refusal: Refusal, **context: Any) -> HttpResponse:
        """The same form with the refusal in it; missing and stale pages get their own."""
        if refusal.status in (403, 404, 409):
            raise refusal
        add_refusal(form, refusal)
        return self.show(form, status=422, **context)

    def done(self, message: str) -> HttpResponseBase:
        """Back, with a word on what was done."""
        messages.success(self.request, message)
        return redirect(self.back)


class InvoiceInfoView(InvoiceDialog):
    """Manage Invoice Info (05-INV-05, INV-07, INV-10)."""

    title = gettext_lazy("Manage Invoice Info")
    template_name = "billing/invoices/info.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is saved; the Tax ID comes from registration."""
        info = queries.info_of(self.actor)
        return self.show(forms.InvoiceInfoForm.of(info), **self._words(info))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save it."""
        info = queries.info_of(self.actor)
        form = forms.InvoiceInfoForm.of(info, request.POST)
        if not form.is_valid():
            return self.show(form, status=422, **self._words(info))
        invoice_info.save(self.actor, **form.cleaned_data)
        return self.done(_("Invoice information saved. Invoices from now on are made out to it."))

    def _words(self, info: InvoiceInfo) -> dict[str, Any]:
        return {
            "tax_id": queries.tax_id_of(self.actor),
            "submit_label": _("Modify") if info.address else _("Save"),
        }


class EmailReceiptView(InvoiceDialog):
    """Setting up email receipts for electronic invoices (05-INV-06)."""

    title = gettext_lazy("Setting Up Email Receipts for Electronic Invoices")
    template_name = "billing/invoices/email.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the switch."""
        info = queries.info_of(self.actor)
        return self.show(forms.EmailReceiptForm(initial={"on": info.by_email}), info=info)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Switch it."""
        form = forms.EmailReceiptForm(request.POST)
        form.is_valid()
        on = form.cleaned_data["on"]
        try:
            invoice_info.switch_email(self.actor, on=on)
        except Refusal as refusal:
            return self.refused(form, refusal, info=queries.info_of(self.actor))
        return self.done(
            _("New invoices are mailed to you.") if on else _("New invoices are not mailed.")
        )


class _TicketFormView(InvoiceDialog):
    """Create Service Ticket: a form that becomes a ticket."""

    title = gettext_lazy("Create Service Ticket")
    back = "billing:invoice-tickets"
    form_class: ClassVar[type[forms.RequestForm] | type[forms.ReturnForm]]

    def submit(self, given: dict[str, Any]) -> InvoiceTicket:
        """Send the ticket. Raises the refusals of its service."""
        raise NotImplementedError

    def has_choice(self) -> bool:
        """Whether there is anything that a ticket can be about."""
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Submit the ticket."""
        form = self.form_class(self.actor, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            ticket = self.submit(form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal)
        return self.done(_("Service ticket %(number)s is submitted.") % {"number": ticket.number})

    def show(self, form: Form, *, status: int = 200, **context: Any) -> HttpResponse:
        """Where there is nothing to choose, say so."""
        return super().show(form, status=status, is_empty=not self.has_choice(), **context)


class RequestView(_TicketFormView):
    """A missing invoice (05-INV-03)."""

    template_name = "billing/invoices/request.html"
    form_class = forms.RequestForm

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.show(forms.RequestForm(self.actor))

    def submit(self, given: dict[str, Any]) -> InvoiceTicket:
        """Ask for the invoice of a bill."""
        return invoice_tickets.request(
            self.actor,
            bill_id=given["bill"].pk,
            description=given["description"],
            attachment=given["attachment"],
        )

    def has_choice(self) -> bool:
        """Whether an invoice is missing."""
        return queries.bills_without_invoice(self.actor).exists()


class ReturnView(_TicketFormView):
    """An invoice goes back (05-INV-04)."""

    template_name = "billing/invoices/return.html"
    form_class = forms.ReturnForm

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, with the invoice whose row it was opened from."""
        initial = {"invoice": request.GET.get("invoice")}
        return self.show(forms.ReturnForm(self.actor, initial=initial))

    def submit(self, given: dict[str, Any]) -> InvoiceTicket:
        """Return an invoice."""
        return invoice_tickets.give_back(
            self.actor,
            invoice_id=given["invoice"].pk,
            description=given["description"],
            attachment=given["attachment"],
        )

    def has_choice(self) -> bool:
        """Whether an invoice can go back."""
        return queries.returnable(self.actor).exists()


class InvoiceTicketView(OwnInvoices):
    """One ticket: what was asked, and what became of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        ticket = queries.get_ticket(self.actor, pk)
        context = {
            "title": ticket.number,
            "ticket": ticket,
            "period": period(ticket.bill.cycle),
            "crumbs": [
                (_("Service Tickets"), reverse("billing:invoice-tickets")),
                (ticket.number, ""),
            ],
        }
        return render(request, "billing/invoices/ticket.html", context)


class TicketAttachmentView(OwnInvoices, PrivateFileView):
    """What was attached to a ticket."""

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The file. Raises NotFound."""
        return queries.open_attachment(self.actor, kwargs["pk"])


class CertificateUploadView(InvoiceDialog):
    """Upload the certificate of the tax that was withheld from a bill (06-DIV-01)."""

    title = gettext_lazy("Upload WHT Certificate")
    back = "billing:certificates"
    template_name = "billing/invoices/certificate.html"
    verb = gettext_lazy("Upload")

    def get(self, request: HttpRequest, bill_id: int) -> HttpResponse:
        """Show the form."""
        bill = withholding.get_withheld(self.actor, bill_id)
        return self.show(forms.CertificateForm(), bill=bill)

    def post(self, request: HttpRequest, bill_id: int) -> HttpResponseBase:
        """Take the file."""
        bill = withholding.get_withheld(self.actor, bill_id)
        form = forms.CertificateForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422, bill=bill)
        try:
            certificates.upload(self.actor, bill_id=bill_id, file=form.cleaned_data["file"])
        except Refusal as refusal:
            return self.refused(form, refusal, bill=bill)
        return self.done(_("The certificate is uploaded. The operator checks it."))


class CertificateFileView(OwnInvoices, PrivateFileView):
    """A certificate that the account uploaded."""

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The file. Raises NotFound."""
        return withholding.open_certificate(self.actor, kwargs["pk"])


class TaxNoticeView(OwnInvoices):
    """Huawei Cloud Partner Terms Change Notice: withholding tax (08 §14.8)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the notice of the account's country."""
        title = _("Tax Notice")
        context = {
            "title": title,
            "notice": withholding.get_notice(self.actor),
            "since": withholding.INCLUDED_SINCE,
            "has_withheld": withholding.has_withheld(self.actor),
            "crumbs": [(title, "")],
        }
        return render(request, "billing/invoices/tax_notice.html", context)


class ResidenceView(OwnInvoices, PrivateFileView):
    """The operator's Tax Resident Certificate (08-TAX-06)."""

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The file. Raises NotFound."""
        return withholding.open_residence(self.actor)
