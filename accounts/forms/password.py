"""Forms of passwords, identity check and second factor (01 §2.1)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.forms.code import CodeField, CodeForm
from partner_center.forms.password import NewPasswordField, PasswordPair

from ..choices import CodeChannel


class ChangePasswordForm(PasswordPair):
    """A new password, twice; other devices may be signed out (01-PWD-03, PWD-04)."""

    password = NewPasswordField(
        label=_("New password"), help_text=_("Do not use the password of other accounts.")
    )
    end_others = forms.BooleanField(
        label=_("Log out of other devices using this account"), required=False, initial=True
    )
    field_order = ("password", "confirm_password", "end_others")


class FirstPasswordForm(PasswordPair):
    """A member's first own password (02-LGN-03)."""

    password = NewPasswordField(label=_("New password"))


class ForgottenAccountForm(forms.Form):
    """Whose password was forgotten: an account's administrator (01-ACC-08)."""

    login = forms.CharField(
        label=_("Email, security phone or account name"),
        max_length=254,
        help_text=_("A phone number with its country code, such as +63 917 555 2291."),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )


class ForgottenMemberForm(forms.Form):
    """Whose password was forgotten: a member's."""

    account = forms.CharField(
        label=_("Account name or tenant name"),
        max_length=64,
        widget=forms.TextInput({"autocomplete": "organization", "autocapitalize": "none"}),
    )
    username = forms.CharField(
        label=_("Username or email address"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )


class ResetPasswordForm(PasswordPair):
    """The code that was sent, and the new password, twice."""

    verification_code = CodeField()
    password = NewPasswordField(label=_("New password"))
    field_order = ("verification_code", "password", "confirm_password")


class IdentityForm(CodeForm):
    """The code of an identity check, and by which way it comes."""

    target_field = "channel"
    channel = forms.ChoiceField(label=_("Send the code by"), widget=forms.RadioSelect)
    field_order = ("channel", "verification_code")

    def __init__(self, *args: object, channels: tuple[tuple[str, str, str], ...], **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["channel"]
        field.choices = [(value, f"{name}: {masked}") for value, name, masked in channels]
        field.initial = channels[0][0] if channels else None

    def chosen_channel(self) -> CodeChannel:
        """The channel of a form whose target was judged."""
        return CodeChannel(self.cleaned_data["channel"])


class NewAuthenticatorForm(forms.Form):
    """The first code of an authenticator app that has just scanned the QR code."""

    code = CodeField(label=_("Code that the app shows"))


class AuthenticatorForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code of your authenticator app, or a recovery code"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
