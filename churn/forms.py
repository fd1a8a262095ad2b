"""The dialog Process Task (04 §8.3.5.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.widgets import Segments

from .choices import Feedback, LossReason
from .refusals import TextMissing
from .rules import LONGEST_TEXT
from .services.handling import Answer

#: Which question follows which answer; both have Other under the same key.
_ASKED = {"yes": "reason", "no": "feedback"}
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
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3, "data-pc-when": "reason=other feedback=other"}),
        help_text=_("What it is, in 1 to 256 characters; counts with Other."),
        error_messages={"required": TextMissing.default_sentence},
    )

    def clean(self) -> dict[str, Any]:
        """Each answer asks for its own question; the other one does not count."""
        given = super().clean() or self.cleaned_data
        asked = _ASKED.get(given.get("lost", ""), "")
        for name in {"reason", "feedback"} - {asked}:
            self.errors.pop(name, None)
        if given.get(asked) != LossReason.OTHER:
            self.errors.pop("text", None)
        return given

    @property
    def answer(self) -> Answer:
        """The valid values, for the service."""
        given = self.cleaned_data
        answer = given[_ASKED[given["lost"]]]
        return Answer(given["lost"] == "yes", answer, given.get("text", ""))
