"""The dialog Process Task (04 §8.3.5.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.widgets import Segments

from .choices import Feedback, LossReason
from .rules import LONGEST_TEXT
from .services.handling import Answer

_CHOOSE = _("Choose one of the answers.")


class ProcessTaskForm(forms.Form):
    """Whether the customer is lost, why or why not, and words for Other (D-41: one choice)."""

    lost = forms.ChoiceField(
        label=_("Customer Lost"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=Segments,
        error_messages={"required": _("Choose Yes or No.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=LossReason.choices,
        widget=forms.RadioSelect({"data-pc-when": "lost=yes"}),
        error_messages={"required": _CHOOSE},
    )
    feedback = forms.ChoiceField(
        label=_("Feedback for Customer Not Lost"),
        choices=Feedback.choices,
        widget=forms.RadioSelect({"data-pc-when": "lost=no"}),
        error_messages={"required": _CHOOSE},
    )
    text = forms.CharField(
        label=_("Other"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3, "data-pc-when": "reason=other feedback=other"}),
        help_text=_("What it is, in 1 to 256 characters; counts with Other."),
    )

    def clean(self) -> dict[str, Any]:
        """Each answer asks for its own question; the other one does not count."""
        given = super().clean() or self.cleaned_data
        if "lost" in given:
            self.errors.pop("feedback" if given["lost"] == "yes" else "reason", None)
        else:
            self.errors.pop("reason", None)
            self.errors.pop("feedback", None)
        return given

    @property
    def answer(self) -> Answer:
        """The valid values, for the service."""
        given = self.cleaned_data
        lost = given["lost"] == "yes"
        return Answer(lost, given["reason" if lost else "feedback"], given["text"])
