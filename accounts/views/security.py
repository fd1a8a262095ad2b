"""Security page: identity check, password, second factor, other devices (01-PWD-01, PWD-02)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.critical import CodePrompt
from partner_center.views import PortalView

from ..adapters import ATTEMPT_MINUTES, throttle
from ..forms import password as forms
from ..permissions import OWN_PROFILE
from ..queries import registration
from ..queries import second_factor as reads
from ..services import codes, second_factor, sessions
from .codes import CodeFormPage, FormPage

PROOF_SESSION_KEY = "identity_proof"
AUTHENTICATOR_SESSION_KEY = "new_authenticator"


class SecurityView(PortalView):
    """Password, second factor, security phone and other devices of the user."""

    permission = OWN_PROFILE

    def get(self, request: HttpRequest) -> HttpResponse:
        """What protects this sign-in."""
        actor = self.request.actor
        account = registration.own_account(actor) if actor.is_main else None
        context = {
            "account": account,
            "masked_phone": codes.mask(account.security_phone) if account else "",
            "second_factor": reads.is_on(actor.user_id),
            "recovery_codes_left": reads.recovery_codes_left(actor.user_id),
        }
        return render(request, "accounts/auth/security.html", context)


class EndSessionsView(PortalView):
    """Log out of other devices."""

    permission = OWN_PROFILE

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """This session stays."""
        user = sessions.end_all(self.actor)
        update_session_auth_hash(request, user)
        messages.success(request, _("All other devices were signed out."))
        return redirect("accounts:security")


class VerifyIdentityView(RedirectURLMixin, CodeFormPage):
    """A code by e-mail or SMS, before password or second factor change (01-PWD-02)."""

    permission = OWN_PROFILE
    form_class = forms.IdentityForm
    template_name = "accounts/auth/verify_identity.html"

    def build(self, data: Any = None) -> Any:
        """The form with the ways that the user has."""
        return self.form_class(data, channels=codes.prompt(self.actor, sessions.IDENTITY).channels)

    def page_context(self, form: Any) -> dict[str, Any]:
        """Where the check leads."""
        return {"next": self.get_redirect_url(), "cancel_url": reverse("accounts:security")}

    def send(self, form: Any, target: str) -> None:
        sessions.send_identity_code(self.request.actor, channel=form.chosen_channel())

    def throttle_key(self, target: str) -> str:
        """Counted per user: the channel is not an address."""
        return super().throttle_key("")

    def prompt(self, form: Any) -> CodePrompt:
        return codes.prompt(self.request.actor, sessions.IDENTITY)

    def act(self, form: Any) -> HttpResponseBase:
        self.request.session[PROOF_SESSION_KEY] = sessions.verify_identity(self.actor)
        return redirect(self.get_redirect_url() or "accounts:security")


class ProvedPage(FormPage):
    """A page behind a fresh identity check."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the identity check first."""
        actor = request.actor  # type: ignore[attr-defined]
        if actor is not None and self.needs_proof(actor) and not self._is_proved(actor):
            query = urlencode({"next": request.path})
            return redirect(f"{reverse('accounts:verify-identity')}?{query}")
        return super().dispatch(request, *args, **kwargs)

    def needs_proof(self, actor: Actor) -> bool:
        """Whether the page asks at all."""
        return True

    def _is_proved(self, actor: Actor) -> bool:
        return sessions.is_proved(actor, self.proof)

    @property
    def proof(self) -> str:
        """The proof of the last identity check of this session."""
        return str(self.request.session.get(PROOF_SESSION_KEY, ""))

    def forget_proof(self) -> None:
        """One check, one change."""
        self.request.session.pop(PROOF_SESSION_KEY, None)


class SecondFactorOnView(ProvedPage):
    """Scan the QR code with an authenticator app, enter its code."""

    permission = OWN_PROFILE
    form_class = forms.NewAuthenticatorForm
    template_name = "accounts/auth/second_factor_on.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """A new secret each time the page is opened."""
        request.session[AUTHENTICATOR_SESSION_KEY] = second_factor.new_secret()
        return super().get(request, **kwargs)

    def page_context(self, form: Any) -> dict[str, Any]:
        """The QR code as a picture, and the key to type instead."""
        secret = self.request.session.get(AUTHENTICATOR_SESSION_KEY, "")
        adapter = get_adapter()
        picture = adapter.build_totp_svg(adapter.build_totp_url(self.request.user, secret))
        encoded = b64encode(picture.encode()).decode()
        return {"secret": secret, "picture": f"data:image/svg+xml;base64,{encoded}"}

    def act(self, form: Any) -> HttpResponseBase:
        """The recovery codes, shown this once."""
        count_try(self.request)
        recovery = second_factor.turn_on(
            self.actor,
            secret=self.request.session.get(AUTHENTICATOR_SESSION_KEY, ""),
            code=form.cleaned_data["code"],
            proof=self.proof,
        )
        self.forget_proof()
        self.request.session.pop(AUTHENTICATOR_SESSION_KEY, None)
        return _show_recovery_codes(self.request, recovery)


class _AuthenticatorCodePage(FormPage):
    """A page that asks for a code of the app, or a recovery code."""

    permission = OWN_PROFILE
    form_class = forms.AuthenticatorForm
    template_name = "accounts/auth/authenticator_code.html"


class SecondFactorOffView(_AuthenticatorCodePage):
    """Sign in with the password alone again."""

    def page_context(self, form: Any) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("Turn off the second factor"),
            "words": _("Signing in will ask for your password only. The recovery codes end."),
            "submit_label": _("Turn Off"),
            "danger": True,
        }

    def act(self, form: Any) -> HttpResponseBase:
        count_try(self.request)
        second_factor.turn_off(self.actor, code=form.cleaned_data["code"])
        messages.success(self.request, _("Second factor turned off."))
        return redirect("accounts:security")


class RecoveryCodesView(_AuthenticatorCodePage):
    """New recovery codes in place of the old ones."""

    def page_context(self, form: Any) -> dict[str, Any]:
        """The words of the page."""
        return {
            "title": _("New recovery codes"),
            "words": _("The recovery codes you have now will no longer work."),
            "submit_label": _("Make New Codes"),
        }

    def act(self, form: Any) -> HttpResponseBase:
        count_try(self.request)
        recovery = second_factor.renew_recovery_codes(self.actor, code=form.cleaned_data["code"])
        return _show_recovery_codes(self.request, recovery)


def count_try(request: Any) -> None:
    """Count a try at a code of the app, per user. Raises TooManyAttempts."""
    key = f"user-{request.actor.user_id}"
    throttle(request, "check_code", key=key, minutes=ATTEMPT_MINUTES)


def _show_recovery_codes(request: HttpRequest, recovery: list[str]) -> HttpResponse:
    return render(request, "accounts/auth/recovery_codes.html", {"codes": recovery})
