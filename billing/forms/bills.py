"""What Export Bills asks (05-BQY-16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.choices import FileFormat
from partner_center.clock import BillingCycle
from partner_center.widgets import Segments

from ..rules.bills import MOST_MONTHS


class ExportBillsForm(forms.Form):
    """Range of months, the first and the last of them included, and the kind of file."""

    begins = forms.ChoiceField(label=_("Range from"))
    ends = forms.ChoiceField(label=_("to"), help_text=_("Both months included, at most 12"))
    file_format = forms.ChoiceField(
        label=_("Format"), choices=FileFormat.choices, initial=FileFormat.XLSX, widget=Segments
    )

    def __init__(self, cycles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("begins", "ends"):
            self.fields[name].choices = [(cycle, cycle) for cycle in cycles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The range runs forward and is no longer than a year."""
        found = super().clean() or {}
        begins, ends = found.get("begins"), found.get("ends")
        if not begins or not ends:
            return found
        if ends < begins:
            self.add_error("ends", _("The end comes before the beginning."))
        elif ends > str(BillingCycle.parse(begins).plus(MOST_MONTHS - 1)):
            self.add_error("ends", _("Select at most 12 months."))
        return found
