"""Passwords: change, first own one, forgotten one (01 §2.1, 02-LGN-03)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from partner_center.middleware import client_ip

from ..adapters import ATTEMPT_MINUTES, CODE_MINUTES, throttle
from ..forms import password as forms
from ..permissions import OWN_PROFILE
from ..services import passwords
from .codes import FormPage
from .security import ProvedPage

#: Whose password is being reset, between the two pages.
RESET_SESSION_KEY = "password_reset"


class ChangePasswordView(ProvedPage):
    """A new password, after an identity check (01-PWD-02 to PWD-04)."""

    permission = OWN_PROFILE
    form_class = forms.ChangePasswordForm
    template_name = "accounts/auth/change_password.html"

    def act(self, form: Any) -> HttpResponseBase:
        """This device stays signed in, whatever happens to the others."""
        user = passwords.change(
            self.actor,
            password=form.cleaned_data["password"],
            proof=self.proof,
            end_others=form.cleaned_data["end_others"],
        )
        self.forget_proof()
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Password changed."))
        return redirect("accounts:security")


class FirstPasswordView(FormPage):
    """A member replaces the password that its administrator gave out (02-LGN-03)."""

    public = True
    form_class = forms.FirstPasswordForm
    template_name = "accounts/auth/first_password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for signed-in members who must change it; others are led home."""
        if request.actor is None or not request.user.must_change_password:  # type: ignore[attr-defined, union-attr]
            return redirect("accounts:sign-in")
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: Any) -> HttpResponseBase:
        """Go on to the first page of the portal."""
        user = passwords.set_first(self.actor, password=form.cleaned_data["password"])
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Password changed."))
        return redirect("accounts:sign-in")


class ForgotPasswordView(FormPage):
    """Who forgot: an account's administrator, by e-mail or security phone (01-ACC-08)."""

    public = True
    form_class = forms.ForgottenAccountForm
    template_name = "accounts/auth/forgot_password.html"
    tab = "account"

    def page_context(self, form: Any) -> dict[str, Any]:
        """The two tabs."""
        tabs = [
            ("account", _("Account"), reverse("accounts:forgot-password")),
            ("member", _("IAM User"), reverse("accounts:member-forgot-password")),
        ]
        return {
            "tab": self.tab,
            "tabs": [
                {"label": label, "url": url, "current": key == self.tab} for key, label, url in tabs
            ],
        }

    def act(self, form: Any) -> HttpResponseBase:
        """The same answer whether or not there is such a user."""
        throttle(self.request, "send_code_address", minutes=CODE_MINUTES)
        key = "reset-" + "/".join(form.cleaned_data.values())
        throttle(self.request, "send_code", key=key, minutes=CODE_MINUTES)
        passwords.request_reset(**form.cleaned_data)
        self.request.session[RESET_SESSION_KEY] = form.cleaned_data
        return redirect("accounts:reset-password")


class MemberForgotPasswordView(ForgotPasswordView):
    """Who forgot: a member, by its e-mail."""

    form_class = forms.ForgottenMemberForm
    tab = "member"


class ResetPasswordView(FormPage):
    """The code that was sent, and a new password."""

    public = True
    form_class = forms.ResetPasswordForm
    template_name = "accounts/auth/reset_password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only after the page before."""
        if RESET_SESSION_KEY not in request.session:
            return redirect("accounts:forgot-password")
        return super().dispatch(request, *args, **kwargs)

    @property
    def who(self) -> dict[str, str]:
        """What was typed on the page before."""
        return dict(self.request.session[RESET_SESSION_KEY])

    def page_context(self, form: Any) -> dict[str, Any]:
        """The page names what was typed, never an address it found."""
        back = "member-forgot-password" if "account" in self.who else "forgot-password"
        return {"who": self.who, "back_url": reverse(f"accounts:{back}")}

    def act(self, form: Any) -> HttpResponseBase:
        """Back to sign-in with the new password."""
        throttle(self.request, "reset_password", minutes=ATTEMPT_MINUTES)
        passwords.reset(
            **self.who,
            code=form.cleaned_data["verification_code"],
            password=form.cleaned_data["password"],
            ip=client_ip(self.request),
            request_id=self.request.request_id,
        )
        page = "member-sign-in" if "account" in self.who else "sign-in"
        del self.request.session[RESET_SESSION_KEY]
        messages.success(self.request, _("Password changed. Sign in with the new one."))
        return redirect(f"accounts:{page}")
