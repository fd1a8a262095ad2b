"""Forms of the message settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.forms.phone import PhoneField


class RecipientForm(forms.Form):
    """A recipient (04 §8.3.1.4): all three are required."""

    name = forms.CharField(label=_("Recipient name"), max_length=64)
    email = forms.EmailField(label=_("Email address"), max_length=254)
    phone = PhoneField(label=_("Phone number"))


class PickForm(forms.Form):
    """Which recipients get the messages of a type."""

    recipients = forms.MultipleChoiceField(
        label=_("Recipients"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> list[int]:
        """Keys of the ticked recipients."""
        return [int(key) for key in self.cleaned_data["recipients"]]
