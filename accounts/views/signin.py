"""Sign-in, second factor, sign-out (01 §1.3, 02 §3.1.2)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStageController
from allauth.account.utils import perform_login
from allauth.mfa.base.forms import AuthenticateForm
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.views import PortalView

from ..adapters import SecondFactorStage
from ..forms.password import AuthenticatorForm
from ..forms.signin import AccountSignInForm, MemberSignInForm
from ..models import User
from ..queries.actors import actor_for
from ..queries.registration import pending_step
from ..refusals import WrongCredentials
from ..services import sessions
from .codes import FormPage

NEXT = "next"


def start_session(
    request: HttpRequest, user: User, *, remember: bool, address: str
) -> HttpResponseBase:
    """Let the user in, through the second factor if it has one, and go to ``address``.

    Raises AccountSuspended, MemberLocked.
    """
    sessions.refuse_unusable(user)
    request.session.set_expiry(settings.REMEMBERED_SESSION_AGE if remember else 0)
    return perform_login(request, user, email_verification="none", redirect_url=address)


def first_page(actor: Actor) -> str:
    """Where sign-in leads without a wish: the admin, a half-way registration, or home."""
    if actor.is_operator:
        return reverse("admin:index")
    return resolve_url("accounts:continue" if pending_step(actor) else settings.LOGIN_REDIRECT_URL)


class SignInView(RedirectURLMixin, FormPage):
    """The administrator of an account signs in (01-LGN-01)."""

    public = True
    form_class = AccountSignInForm
    template_name = "accounts/auth/sign_in.html"
    tab = "account"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is signed in already goes on."""
        if request.actor is not None:  # type: ignore[attr-defined]
            return redirect(self.get_redirect_url() or first_page(request.actor))  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def page_context(self, form: Any) -> dict[str, Any]:
        """Both tabs keep the page that was asked for."""
        wish = self.get_redirect_url()
        query = f"?{self.request.GET.urlencode()}" if wish else ""
        tabs = [
            ("account", _("Account"), reverse("accounts:sign-in")),
            ("member", _("IAM User"), reverse("accounts:member-sign-in")),
        ]
        return {
            "next": wish,
            "tab": self.tab,
            "tabs": [
                {"label": label, "url": url + query, "current": key == self.tab}
                for key, label, url in tabs
            ],
        }

    def act(self, form: Any) -> HttpResponseBase:
        """Raises WrongCredentials, TooManyAttempts, AccountSuspended, MemberLocked."""
        user = get_adapter().authenticate(self.request, **form.credentials())
        if user is None:
            raise WrongCredentials
        return start_session(
            self.request,
            user,
            remember=form.cleaned_data["remember"],
            address=self.get_redirect_url() or first_page(actor_for(user)),
        )


class MemberSignInView(SignInView):
    """A member of an organization signs in (02-LGN-01, LGN-02)."""

    form_class = MemberSignInForm
    tab = "member"


class SecondFactorView(FormPage):
    """The code of the authenticator app, between the password and the session."""

    public = True
    form_class = AuthenticatorForm
    template_name = "accounts/auth/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for who has just entered the right password."""
        self.stage = LoginStageController.enter(request, SecondFactorStage.key)
        if request.actor is not None or self.stage is None:  # type: ignore[attr-defined]
            return redirect("accounts:sign-in")
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: Any) -> HttpResponseBase:
        """Judged, counted and recorded by allauth; raises what ``start_session`` raises."""
        user = self.stage.login.user
        sessions.refuse_unusable(user)
        judged = AuthenticateForm(user=user, data=form.cleaned_data)
        if not judged.is_valid():
            form.add_error("code", judged.errors["code"])
            return self.show(form, 422)
        judged.save()
        return self.stage.exit()


class SignOutView(PortalView):
    """End the session."""

    public = True

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Back to the sign-in page."""
        logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)
