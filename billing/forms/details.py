"""What Export Bill Details asks (05-BDT-02)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.choices import FileFormat
from partner_center.widgets import Segments

LAYOUTS = [("bill_details", _("Bill details (56 columns)")), ("bill_focus", _("FOCUS 1.0"))]


class ExportDetailsForm(forms.Form):
    """One billing cycle, the layout of its columns and the kind of file."""

    cycle = forms.ChoiceField(label=_("Billing Cycle"))
    layout = forms.ChoiceField(
        label=_("Columns"),
        choices=LAYOUTS,
        initial="bill_details",
        widget=Segments,
        help_text=_("FOCUS is the FinOps Open Cost and Usage Specification"),
    )
    file_format = forms.ChoiceField(
        label=_("Format"), choices=FileFormat.choices, initial=FileFormat.CSV, widget=Segments
    )

    def __init__(self, cycles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["cycle"].choices = [(cycle, cycle) for cycle in cycles]  # type: ignore[attr-defined]
