"""Password fields: show/hide eye, the rules ticked while typing, the two entries compared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partner_center.widgets import PasswordInput

#: Rules as the page shows them; the key names the check that ticks it while typing. The server
#: decides by AUTH_PASSWORD_VALIDATORS.
RULES = [
    ("length", _("At least 8 characters")),
    ("mix", _("Letters and numbers, no spaces")),
]


class NewPasswordInput(PasswordInput):
    """A password that somebody chooses: with the rules and a strength meter below."""

    look = "new-password"
    rules = RULES


class PasswordField(forms.CharField):
    """A password somebody already has. Spaces at the ends belong to it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs.setdefault("widget", PasswordInput({"autocomplete": "current-password"}))
        super().__init__(strip=False, max_length=128, **kwargs)


class NewPasswordField(forms.CharField):
    """A new password under the portal's rule (01-ACC-06, PWD-03)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs.setdefault("widget", NewPasswordInput({"autocomplete": "new-password"}))
        super().__init__(strip=False, max_length=128, **kwargs)

    def validate(self, value: str) -> None:
        """Raise ValidationError naming each broken rule; an optional field may stay empty."""
        super().validate(value)
        if value:
            validate_password(value)


class PasswordPair(forms.Form):
    """Mixin of forms that set a password: ``password`` and ``confirm_password``, equal."""

    password = NewPasswordField()
    confirm_password = PasswordField(
        label=_("Confirm password"), widget=PasswordInput({"autocomplete": "new-password"})
    )

    def clean_confirm_password(self) -> str:
        """Raise ValidationError when the two differ."""
        entered = str(self.cleaned_data["confirm_password"])
        if (first := self.cleaned_data.get("password")) and first != entered:
            raise ValidationError(_("The two passwords are not the same."), code="unequal")
        return entered
