"""A phone number: drop-down of country codes and the number beside it, kept as E.164."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries


@lru_cache(maxsize=1)
def _regions() -> list[tuple[str, str]]:
    """Region code → ``+63 (Philippines)``, in the order of the names."""
    found = [
        (code, f"+{phonenumbers.country_code_for_region(code)} ({name})")
        for code, name in countries
        if code in phonenumbers.SUPPORTED_REGIONS
    ]
    return [("", str(_("Country code"))), *found]


def parse(number: str) -> phonenumbers.PhoneNumber | None:
    """The parts of an E.164 number, or None when it is none."""
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None


def to_e164(text: str, region: str = "") -> str | None:
    """``+639175552291`` from what people type; None when no such number can exist.

    ``region`` (ISO 3166, two letters) is needed unless the text starts with ``+``. Only the length
    is judged: that somebody answers there is proved by a code, not by a list of number ranges.
    """
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class PhoneWidget(forms.MultiWidget):
    """Country-code drop-down and number, in one row."""

    template_name = "portal/widgets/phone.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, region: str = "") -> None:
        self.region = region
        code = forms.Select(
            {"class": "form-select", "aria-label": _("Country code")},
            choices=_regions,  # type: ignore[arg-type]
        )
        number = forms.TextInput(
            {
                "class": "form-control",
                "type": "tel",
                "inputmode": "tel",
                "maxlength": "24",
                "autocomplete": "tel-national",
                "aria-label": _("Number"),
            }
        )
        super().__init__({"code": code, "number": number}, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each part keeps its own class, whatever the page gives to controls."""
        own = {key: given for key, given in (attrs or {}).items() if key != "class"}
        return super().get_context(name, value, own)

    def id_for_label(self, id_: str) -> str:
        """The label belongs to the number."""
        return f"{id_}_1" if id_ else id_

    def decompress(self, value: str | None) -> list[str]:
        """Region and national number of an E.164 number."""
        number = parse(value) if value else None
        if number is None:
            return [self.region, ""]
        region = phonenumbers.region_code_for_number(number) or self._region_of(number)
        return [region, phonenumbers.national_significant_number(number)]

    @staticmethod
    def _region_of(number: phonenumbers.PhoneNumber) -> str:
        return phonenumbers.region_code_for_country_code(number.country_code or 0)


class PhoneField(forms.MultiValueField):
    """Gives an E.164 string; empty when nothing was typed. The code alone counts as nothing."""

    widget = PhoneWidget
    default_error_messages = {
        "required": _("Enter a phone number."),
        "code": _("Choose the country code."),
        "number": _("This is not a valid phone number in the chosen country. Check the digits."),
    }

    def __init__(self, *, region: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", PhoneWidget(region=region))
        fields = (forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> str:
        """E.164, or empty. Raises ValidationError."""
        region, typed = [str(part or "").strip() for part in (value or ["", ""])]
        if not typed:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return ""
        if not region and not typed.startswith("+"):
            raise forms.ValidationError(self.error_messages["code"], code="code")
        if (number := to_e164(typed, region)) is None:
            raise forms.ValidationError(self.error_messages["number"], code="number")
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the number differs; another way of writing the same one does not count."""
        region, typed = [str(part or "").strip() for part in (data or ["", ""])]
        return (to_e164(typed, region) or typed) != (initial or "")
