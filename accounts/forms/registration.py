"""Forms of registration, from the e-mail address to the account profile (01 §1.1)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partner_center.forms.code import CodeField, CodeForm
from partner_center.forms.password import PasswordPair
from partner_center.forms.phone import PhoneField
from partner_center.widgets import RadioCards

from ..choices import Industry, TenantType
from ..currencies import CURRENCIES, DEFAULT_CURRENCY


def _countries() -> list[tuple[str, str]]:
    return [("", str(_("--Select--"))), *countries]


class CountryChoice(forms.ChoiceField):
    """One country or region of the list."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(choices=_countries, label=_("Country/Region"), **kwargs)  # type: ignore[arg-type]


class RegisterForm(PasswordPair, CodeForm):
    """Form Register (01-ACC-02 to ACC-06)."""

    target_field = "email"
    country = CountryChoice(
        help_text=_(
            "Individual: where you are. Enterprise: where the enterprise is registered. It decides "
            "the applicable laws and tax rates and cannot be changed after registration."
        )
    )
    email = forms.EmailField(label=_("Email"), max_length=254)
    verification_code = CodeField(label=_("Email code"))
    field_order = ("country", "email", "verification_code", "password", "confirm_password")

    def fix_email(self, email: str) -> None:
        """Only this address may register: an invitation was sent to it (04-PRE-07)."""
        field = self.fields["email"]
        field.disabled = True
        field.help_text = _("Your invitation was sent to this address.")
        self.initial["email"] = email


class SecurityPhoneForm(CodeForm):
    """Form Set security phone number (01-ACC-08)."""

    target_field = "phone"
    phone = PhoneField(label=_("Security phone"))
    verification_code = CodeField(label=_("SMS code"))
    field_order = ("phone", "verification_code")


class EnableServicesForm(forms.Form):
    """Form Enable Services (01-ACC-09)."""

    country = CountryChoice(
        help_text=_(
            "Must match your billing address. It decides the applicable laws, the signing entity "
            "and the tax rates, and cannot be changed once services are enabled."
        )
    )
    agreed = forms.BooleanField(
        error_messages={"required": _("Accept the agreements to enable the services.")}
    )
    wants_marketing = forms.BooleanField(
        label=_("I want to receive news about discounts and promotions."), required=False
    )


class RegistrationIdentityForm(CodeForm):
    """Step Verify Identity: the code sent to the registration e-mail."""


class MobileForm(CodeForm):
    """Step Bind Mobile Number (01-ACC-11, ACC-12)."""

    target_field = "mobile"
    mobile = PhoneField(label=_("Mobile Number"))
    verification_code = CodeField(label=_("Verification Code"))
    field_order = ("mobile", "verification_code")


class InformationForm(forms.Form):
    """Step Complete Account Information (01-ACC-13, ACC-14)."""

    tenant_type = forms.ChoiceField(
        label=_("Tenant Type"),
        choices=TenantType,
        widget=RadioCards(
            hints={
                TenantType.INDIVIDUAL: _("You act for yourself."),
                TenantType.ENTERPRISE: _("You act for a company. Partner programs ask for this."),
            }
        ),
    )
    full_name = forms.CharField(
        label=_("Full Name"),
        max_length=128,
        help_text=_("Enterprise: the full name of the company."),
    )
    tax_id = forms.CharField(label=_("Tax Identification Number"), max_length=64, required=False)
    address_line1 = forms.CharField(
        label=_("Address Line 1"), max_length=128, help_text=_("Street, P.O. box, company name")
    )
    address_line2 = forms.CharField(label=_("Address Line 2"), max_length=128, required=False)
    city = forms.CharField(label=_("City"), max_length=64)
    state = forms.CharField(label=_("State/Province/Region"), max_length=64)
    postal_code = forms.CharField(label=_("Postal Code"), max_length=20)
    currency = forms.ChoiceField(
        label=_("Payment Currency"), choices=CURRENCIES, initial=DEFAULT_CURRENCY
    )
    industry = forms.ChoiceField(
        label=_("Industry"), choices=[("", _("--Select--")), *Industry.choices]
    )


class AccountNameForm(forms.Form):
    """Another account name than the one made from the e-mail address."""

    name = forms.CharField(
        label=_("Account name"),
        max_length=64,
        help_text=_("4 to 64 lower-case letters, digits and hyphens, starting with a letter."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """Capitals do not count."""
        return str(self.cleaned_data["name"]).strip().lower()
