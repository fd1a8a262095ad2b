"""The input of a verification code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.widgets import CodeInput


class CodeField(forms.CharField):
    """Six digits, as they came by e-mail or SMS."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Verification code"))
        kwargs.setdefault("widget", CodeInput())
        messages = {"required": _("Enter the verification code.")}
        super().__init__(max_length=6, error_messages=messages, **kwargs)


class CodeForm(forms.Form):
    """A form that ends with a verification code; ``target_field`` names where the code is sent.

    Without one the code goes to an address that the server knows.
    """

    target_field = ""
    verification_code = CodeField()

    def target(self) -> str | None:
        """Where to send the code; None when that field is refused.

        Other errors are forgotten: who asks for a code has not finished the form.
        """
        self.is_valid()
        for name in [name for name in self.errors if name != self.target_field]:
            del self.errors[name]
        if self.errors:
            return None
        return str(self.cleaned_data.get(self.target_field, ""))
