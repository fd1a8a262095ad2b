"""Sign-in forms: account, IAM user, second factor."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.forms.password import PasswordField


class _SignInForm(forms.Form):
    remember = forms.BooleanField(label=_("Remember me on this device"), required=False)

    def credentials(self) -> dict[str, str]:
        """What the authentication backend takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "remember"}


class AccountSignInForm(_SignInForm):
    """The administrator of an account (01-LGN-01)."""

    login = forms.CharField(
        label=_("Phone/Email/Login ID/account name"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = PasswordField()
    field_order = ("login", "password", "remember")


class MemberSignInForm(_SignInForm):
    """A member of an organization (02-LGN-02)."""

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
    password = PasswordField()
    field_order = ("account", "username", "password", "remember")
