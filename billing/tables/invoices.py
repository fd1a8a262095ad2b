"""Tables of invoices, tickets about them, and bills that ask for a certificate."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import (
    ActionsColumn,
    AmountColumn,
    BadgeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable

from ..choices import CertificateState
from ..models import Bill
from ..rules.invoices import period


class PeriodColumn(PortalColumn):
    """A billing cycle as invoices print it: ``202208``."""

    css = "pc-nowrap"

    def render(self, value: str) -> str:
        return period(value)


class InvoiceTable(PortalTable):
    """Invoices, newest first (05 §8.4.3)."""

    period = PeriodColumn(_("Period"), accessor="bill__cycle")
    number = PortalColumn(
        _("Invoice No."), linkify=("billing:invoice", {"pk": tables.A("pk")}), fixed=True
    )
    content = PortalColumn(_("Invoice Content"), orderable=False, export=False)
    amount = AmountColumn(_("Invoice Amount"))
    state = BadgeColumn(_("Status"), family="invoice")
    created_at = TimeColumn(_("Issued"))
    operation = ActionsColumn("billing/invoices/operation.html")
    default_order = ("-created_at",)


class InvoiceTicketTable(PortalTable):
    """Tickets about invoices, newest first."""

    number = PortalColumn(
        _("Ticket No."), linkify=("billing:invoice-ticket", {"pk": tables.A("pk")}), fixed=True
    )
    kind = PortalColumn(_("Ticket Type"))
    period = PeriodColumn(_("Period"), accessor="bill__cycle")
    invoice = PortalColumn(_("Invoice No."), accessor="invoice__number")
    state = BadgeColumn(_("Status"), family="ticket", second="reason", second_label=_("Reason"))
    outcome = PortalColumn(_("New Invoice"), accessor="outcome__number")
    submitted_at = TimeColumn(_("Submitted"))
    closed_at = TimeColumn(_("Closed"))
    default_order = ("-submitted_at",)


class CertificateStateColumn(BadgeColumn):
    """The state of the last certificate, or that one is awaited."""

    def render(self, value: str) -> SafeString:
        return super().render(str(CertificateState(value).label))


class SettledColumn(PortalColumn):
    """Whether net payment and certificate are both there (08-TAX-08)."""

    css = "pc-nowrap"

    def render(self, value: bool) -> str:
        return str(_("Settled") if value else _("Not settled"))


class CertificateTable(PortalTable):
    """Bills with withheld tax, newest first (06-DIV-01)."""

    period = PeriodColumn(_("Period"), accessor="cycle")
    number = PortalColumn(_("Bill No."), fixed=True)
    invoice = PortalColumn(_("Invoice No."), accessor="invoice_number", orderable=False)
    withheld = AmountColumn(_("Withholding Tax"))
    due = AmountColumn(_("Net Payment"), accessor="amount_due")
    certificate = CertificateStateColumn(
        _("WHT Certificate"),
        family="certificate",
        orderable=False,
        second="reason",
        second_label=_("Reason"),
    )
    settled = SettledColumn(_("Bill"), accessor="is_settled", orderable=False, export=False)
    uploaded_at = TimeColumn(_("Uploaded"), orderable=False)
    operation = ActionsColumn("billing/invoices/certificate_operation.html")
    default_order = ("-period",)

    def name_of(self, record: Bill) -> str:
        """What screen readers call the row."""
        return record.number
