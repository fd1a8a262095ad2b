"""The form of the freeze dialogs (04-FRZ-03, UNF-03)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.freezing import LONGEST_REASON

_RANGE = _("Enter a reason of 1 to 256 characters.")


class FreezeForm(forms.Form):
    """Why; and for whom and in which state the page was shown."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _RANGE, "max_length": _RANGE},
    )
    #: Keys of the associations, separated by commas.
    customers = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_customers(self) -> list[int]:
        """The keys. Raises ValidationError when they are none, which only a forged form is."""
        parts = self.cleaned_data["customers"].split(",")
        if not all(part.isdecimal() and len(part) < 19 for part in parts):
            raise forms.ValidationError(_("Choose the customers in the list again."))
        return [int(part) for part in parts]
