"""Forms of invoices, the tickets about them, and certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor
from partner_center.money import words
from partner_center.stale import fingerprint_of
from partner_center.uploads import EXPENDITURE_BILL, TAX_CERTIFICATE, TICKET, CheckedFileField

from ..models import InvoiceInfo
from ..queries import invoices as queries
from ..rules.invoices import period
from ..services.invoice_info import FIELDS


class InvoiceInfoForm(forms.Form):
    """Manage Invoice Info (05-INV-05)."""

    address = forms.CharField(
        label=_("Address"), max_length=512, widget=forms.Textarea({"rows": 3})
    )
    email = forms.EmailField(label=_("Email"), max_length=254)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, info: InvoiceInfo, data: Any = None) -> InvoiceInfoForm:
        """The form with what is saved."""
        seen = fingerprint_of(info, FIELDS)
        return cls(data, initial={"address": info.address, "email": info.email, "seen": seen})


class EmailReceiptForm(forms.Form):
    """Whether new invoices are mailed (05-INV-06)."""

    on = forms.BooleanField(label=_("Receive invoices by email"), required=False)


class _BillChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{period(obj.cycle)} · {obj.number} · {words(obj.total)}"


class _InvoiceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.period} · {words(obj.amount)}"


class TicketForm(forms.Form):
    """What every ticket about invoices says."""

    description = forms.CharField(
        label=_("Problem Description"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )
    attachment: CheckedFileField


class RequestForm(TicketForm):
    """A missing invoice (05-INV-03)."""

    bill = _BillChoice(None, label=_("Bill"), empty_label=_("--Select--"))
    attachment = CheckedFileField(label=_("Expenditure Bill"), rules=EXPENDITURE_BILL)
    field_order = ("bill", "description", "attachment")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bill"].queryset = queries.bills_without_invoice(actor)  # type: ignore[attr-defined]


class ReturnForm(TicketForm):
    """An invoice that goes back (05-INV-04)."""

    invoice = _InvoiceChoice(None, label=_("Invoice No."), empty_label=_("--Select--"))
    attachment = CheckedFileField(label=_("Picture or Scan of the Original Invoice"), rules=TICKET)
    field_order = ("invoice", "description", "attachment")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invoice"].queryset = queries.returnable(actor)  # type: ignore[attr-defined]


class CertificateForm(forms.Form):
    """The certificate of the tax authority (06-DIV-01)."""

    file = CheckedFileField(label=_("WHT Certificate"), rules=TAX_CERTIFICATE)
