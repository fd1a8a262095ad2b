"""Phone numbers come in many spellings and are kept in one."""

from __future__ import annotations

import pytest
from django import forms

from partner_center.forms.phone import PhoneField


class _Form(forms.Form):
    phone = PhoneField(region="PH")


def _bound(code: str, number: str) -> _Form:
    return _Form({"phone_code": code, "phone_number": number})


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        ("PH", "917 555 2291", "+639175552291"),
        ("PH", "0917-555-2291", "+639175552291"),
        ("", "+63 917 555 2291", "+639175552291"),
        ("HK", "5555 1234", "+85255551234"),
    ],
)
def test_a_number_is_kept_in_one_spelling(code: str, typed: str, kept: str) -> None:
    form = _bound(code, typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == kept


@pytest.mark.parametrize(
    ("code", "typed", "words"),
    [
        ("PH", "", "Enter a phone number."),
        ("", "917 555 2291", "Choose the country code."),
        ("PH", "12", "not a valid phone number"),
        ("PH", "call me", "not a valid phone number"),
    ],
)
def test_what_is_no_number_is_refused_and_kept_in_the_field(
    code: str, typed: str, words: str
) -> None:
    form = _bound(code, typed)
    assert not form.is_valid()
    assert words in form.errors["phone"][0]
    if typed:
        assert f'value="{typed}"' in str(form["phone"])


def test_a_stored_number_opens_in_its_two_parts() -> None:
    html = str(_Form(initial={"phone": "+85255551234"})["phone"])
    assert '<option value="HK" selected>' in html
    assert 'value="55551234"' in html
