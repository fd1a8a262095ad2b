"""Forms of authorizations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..refusals.authorizations import LetterNotAccepted
from ..services.authorizations import LONGEST_CAUSE


class LetterForm(forms.Form):
    """The tick under a letter, and which version was shown. The service asks for the tick."""

    agrees = forms.BooleanField(required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def agreed_version(self) -> str:
        """The version that was ticked; empty without the tick."""
        return self.cleaned_data["version"] if self.cleaned_data["agrees"] else ""


class CommitmentForm(LetterForm):
    """Before the first request: the partner commits itself (04-ATH-02)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = _(
            "I have read and agree to the Huawei Cloud Partner Commitment Letter for Operation on "
            "Customers' Behalf"
        )


class AuthorizeForm(LetterForm):
    """Before Agree: the customer accepts the letter (08-AUT-06)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = _(
            "I have read and agree to the Huawei Cloud Customer Authorization Letter"
        )

    def clean(self) -> None:
        """Ask for the tick before a code is sent: a code must not be spent on a missing tick."""
        if not self.rejects and not self.agreed_version:
            self.add_error("agrees", LetterNotAccepted().sentence)

    @property
    def rejects(self) -> bool:
        """Whether Reject was pressed, which needs no tick."""
        return self.data.get("decision") == "reject"


class RevokeForm(forms.Form):
    """Why the customer takes its authorization back (08-AUT-10)."""

    cause = forms.CharField(
        label=_("Cause"),
        max_length=LONGEST_CAUSE,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Enter why you cancel the authorization.")},
    )
