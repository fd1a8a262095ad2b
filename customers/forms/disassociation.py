"""Forms of disassociation and of the decisions about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_LONGEST = 256


class ConfirmForm(forms.Form):
    """The tick under the account check (04-ASC-06, 08-CSD-10)."""

    understood = forms.BooleanField(
        label=_(
            "I understand the preceding statement and confirm to disassociate from the partner "
            "account"
        ),
        error_messages={"required": _("Tick the confirmation first.")},
    )


class LeaveForm(ConfirmForm):
    """The customer's: also which association the page showed."""

    association = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """The partner's dialog Disassociate; the tick was made on the page before (D-54)."""

    understood = forms.BooleanField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Enter a reason of 1 to 256 characters.")},
    )


class AnswerForm(forms.Form):
    """What the other side reads beside a rejection."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The other side reads it."),
    )


class ProcessForm(AnswerForm):
    """The customer's answer to its partner's request: the pressed button says which."""

    decision = forms.ChoiceField(
        choices=[("agree", _("Agree")), ("reject", _("Reject"))],
        widget=forms.HiddenInput,
        error_messages={"required": _("Press Agree or Reject.")},
    )

    @property
    def agrees(self) -> bool:
        """Whether Agree was pressed; asked of valid forms."""
        return bool(self.cleaned_data["decision"] == "agree")

    def as_arguments(self) -> dict[str, Any]:
        """The valid values, for the service."""
        return {"agrees": self.agrees, "answer": self.cleaned_data["answer"]}
