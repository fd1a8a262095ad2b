"""The form of a partner discount (04 §8.3.1.8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.discounts import Setting


class DiscountForm(forms.Form):
    """Percentage and validity; the customer and the type stand above it, read-only."""

    percent = forms.IntegerField(
        label=_("Discount Percentage"),
        min_value=0,
        help_text=_("Whole percent of the list price. 0% deletes the discount."),
    )
    starts_on = forms.DateField(
        label=_("Valid From"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From 00:00, GMT+08:00."),
    )
    ends_on = forms.DateField(
        label=_("Valid Until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day is included."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, maximum: int, in_effect_since: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if in_effect_since:  # the start of a discount in effect stays as it is (04-DSC-07)
            self.initial["starts_on"] = in_effect_since
            self.fields["starts_on"].disabled = True
            self.fields["starts_on"].help_text = _("The discount is in effect: its start stays.")
        self.fields["percent"].widget = forms.NumberInput(
            {"min": 0, "max": maximum, "step": 1, "data-pc-slider": ""}
        )

    @property
    def setting(self) -> Setting:
        """What the form says."""
        return Setting(
            self.cleaned_data["percent"],
            self.cleaned_data["starts_on"],
            self.cleaned_data["ends_on"],
        )
