"""Forms of Payment Methods, Repay and transfer tickets (05 §8.4.1.6, 8.4.1.7)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.uploads import TICKET, CheckedFileField
from partner_center.widgets import AmountInput, Segments

from ..choices import CardIdKind
from ..gateways.base import CardDetails
from ..models import Card
from ..rules import cards as rules
from ..services.cards import NewCard
from ..services.transfers import Transfer

_EXPIRY = re.compile(r"(\d{2}) ?/ ?(\d{2})")
_CODE = re.compile(r"\d{3,4}")
#: No one keeps what is typed here, neither we nor the browser's form memory.
_SECRET = {"inputmode": "numeric", "autocomplete": "off"}


class PeriodForm(forms.Form):
    """Validity period and security code: what Edit changes (05-PMT-12)."""

    expires = forms.CharField(
        label=_("Expiration Date"),
        max_length=7,
        help_text=_("Format: MM/YY"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "cc-exp"}),
    )
    code = forms.CharField(
        label=_("Security Code"),
        max_length=4,
        help_text=_("3 or 4 digits. It is passed on to the payment company and not stored."),
        widget=forms.PasswordInput(_SECRET),
    )

    def clean_expires(self) -> tuple[int, int]:
        """Month and year. Not in the past."""
        found = _EXPIRY.fullmatch(self.cleaned_data["expires"].strip())
        if found is None or not 1 <= int(found[1]) <= 12:
            raise forms.ValidationError(_t("Enter month and year as MM/YY, such as 08/29."))
        month, year = int(found[1]), 2000 + int(found[2])
        if rules.is_over(month, year, clock.business_date(clock.now())):
            raise forms.ValidationError(_t("This date has passed. Use a card that is still valid."))
        return month, year

    def clean_code(self) -> str:
        """3 to 4 digits."""
        code: str = self.cleaned_data["code"].strip()
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_t("Enter the 3 or 4 digits on the card."))
        return code

    def details(self, *, number: str = "", holder: str = "") -> CardDetails:
        """What goes to the gateway."""
        month, year = self.cleaned_data["expires"]
        return CardDetails(holder, month, year, number, self.cleaned_data["code"])


class CardForm(PeriodForm):
    """Add Card (05-PMT-04). In Chile it asks who the holder is as well (PMT-06)."""

    number = forms.CharField(
        label=_("Card No."),
        max_length=23,
        help_text=_("It is passed on to the payment company and not stored."),
        widget=forms.TextInput(_SECRET),
    )
    holder = forms.CharField(
        label=_("Card Holder's Name"),
        max_length=128,
        widget=forms.TextInput({"autocomplete": "cc-name"}),
    )
    id_kind = forms.ChoiceField(
        label=_("Authentication Method"), choices=CardIdKind.choices, widget=Segments
    )
    id_number = forms.CharField(
        label=_("ID Number"),
        max_length=20,
        help_text=_("RUT: digits and check digit, such as 8148691-0. Otro: 5 to 20 characters."),
    )
    agreement = forms.BooleanField(
        label=_("I have read and agree to the agreement"), required=False
    )
    agreed_version = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = (
        *("number", "holder", "expires", "code", "id_kind", "id_number"),
        *("agreement", "agreed_version"),
    )

    def __init__(self, *args: Any, in_chile: bool, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreement"].label = _t("I have read and agree to the %(title)s") % {
            "title": title
        }
        if not in_chile:
            del self.fields["id_kind"], self.fields["id_number"]

    def clean_number(self) -> str:
        """Digits with the right check digit."""
        number = rules.digits_of(self.cleaned_data["number"])
        if not rules.is_card_number(number):
            raise forms.ValidationError(_t("This is no card number. Check its digits."))
        return number

    def clean(self) -> dict[str, Any]:
        """The ID number as its kind has it."""
        data = super().clean() or self.cleaned_data
        kind, number = data.get("id_kind"), data.get("id_number")
        if kind and number and not rules.is_id_number(kind, number):
            words = {
                CardIdKind.RUT: _t("Enter digits, a hyphen and the check digit: 8148691-0."),
                CardIdKind.OTHER: _t("Enter 5 to 20 characters."),
            }
            self.add_error("id_number", words[CardIdKind(kind)])
        return data

    @property
    def card(self) -> CardDetails:
        """What goes to the gateway."""
        data = self.cleaned_data
        return self.details(number=data["number"], holder=data["holder"])

    @property
    def new(self) -> NewCard:
        """What stays with us beside the token."""
        data = self.cleaned_data
        return NewCard(
            data["agreed_version"] if data["agreement"] else "",
            data.get("id_kind", ""),
            data.get("id_number", ""),
        )


def _amount(errors: dict[str, Any] | None = None, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        widget=AmountInput(),
        error_messages={"min_value": _("Enter an amount above 0."), **(errors or {})},
        **more,
    )


class RepayForm(forms.Form):
    """Online Payment: how much from which card (05-REP-04)."""

    amount = _amount(label=_("Amount"))
    card = forms.ModelChoiceField(
        label=_("Credit Card"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, cards: Any, limits: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["card"]
        field.queryset = cards  # type: ignore[attr-defined]
        field.label_from_instance = card_words  # type: ignore[attr-defined]
        self.fields["amount"].help_text = limits


class PayForm(RepayForm):
    """The payment page: the same values, unchangeable, with the key that makes a double click one."""

    nonce = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("amount", "card"):
            self.fields[name].widget = forms.HiddenInput()


def card_words(card: Card) -> str:
    """``Visa ending in 4242, valid until 08/29``."""
    return _t("%(brand)s ending in %(last4)s, valid until %(month)02d/%(year)02d") % {
        "brand": card.brand,
        "last4": card.last4,
        "month": card.expires_month,
        "year": card.expires_year % 100,
    }


class TransferForm(forms.Form):
    """Create Service Ticket after a bank transfer (05 §8.4.1.6)."""

    topped_up_on = forms.DateField(
        label=_("Top-Up Time"),
        help_text=_("Format: month/day/year"),
        input_formats=["%m/%d/%Y", "%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date. Format: month/day/year")},
    )
    amount = _amount(
        label=_("Topped-Up Amount"),
        help_text=_("Format: $XX USD"),
        errors={"invalid": _("Enter an amount above 0. Format: $XX USD")},
    )
    bank_account = forms.CharField(
        label=_("Bank Account"),
        max_length=64,
        help_text=_("Number of the bank account that you have transferred from."),
    )
    description = forms.CharField(
        label=_("Problem Description"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Only if the receipt is not for your account. Otherwise it is booked to your account."
        ),
    )
    certificate = CheckedFileField(label=_("Transfer Certificate"), rules=TICKET)

    def clean_topped_up_on(self) -> date:
        """Not after today."""
        day: date = self.cleaned_data["topped_up_on"]
        if day > clock.business_date(clock.now()):
            raise forms.ValidationError(_t("This day is still to come."))
        return day

    @property
    def transfer(self) -> Transfer:
        """The valid values, for the service."""
        data = self.cleaned_data
        certificate = data["certificate"]
        named = {name: data[name] for name in ("topped_up_on", "amount", "bank_account")}
        return Transfer(
            **named,
            description=data["description"],
            certificate=certificate,
            certificate_name=certificate.original_name,
        )
