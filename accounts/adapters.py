"""How allauth works for this portal: throttled sign-in, the second factor as a stage of it.

allauth's own pages and messages are not used: none of its addresses is mounted.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from partner_center import encryption
from partner_center.middleware import client_ip

from .queries.actors import actor_for
from .refusals import TooManyAttempts
from .services import sessions

#: Length of the windows in which attempts are counted (settings.ACCOUNT_RATE_LIMITS), in minutes.
ATTEMPT_MINUTES = 5
CODE_MINUTES = 60


def throttle(request: HttpRequest, action: str, *, key: str = "", minutes: int) -> None:
    """Count an attempt. Raises TooManyAttempts when the limit of ACCOUNT_RATE_LIMITS is reached."""
    if not ratelimit.consume(request, action=action, key=key.lower()):
        raise TooManyAttempts(minutes)


class PortalAccountAdapter(DefaultAccountAdapter):
    """Sign-in throttled per address, per address and name, and per name."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many attempts. Try again in 5 minutes."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Address of the client, as the audit trail records it."""
        return client_ip(request) or "unknown"

    def get_login_stages(self) -> list[str]:
        """What stands between the right password and the session."""
        return ["accounts.adapters.SecondFactorStage"]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the pages say themselves what happened."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raise TooManyAttempts before the password is looked at.

        Tries from one address at one name are few; those at a name from everywhere are many more, so
        that strangers cannot easily keep its owner out. All count for five minutes only.
        """
        name = _name(credentials)
        throttle(request, "sign_in_address", minutes=ATTEMPT_MINUTES)
        throttle(request, "sign_in", key=self._key(request, name), minutes=ATTEMPT_MINUTES)
        if not ratelimit.consume(request, action="sign_in_name", key=name, dry_run=True):
            raise TooManyAttempts(ATTEMPT_MINUTES)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user with these credentials, None if there is none. Raises TooManyAttempts."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            key = self._key(request, _name(credentials))
            ratelimit.clear(request, action="sign_in", key=key)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the wrong try for its name, wherever it came from."""
        ratelimit.consume(request, action="sign_in_name", key=_name(credentials))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Start the session and record it."""
        super().login(request, user)
        sessions.record_sign_in(
            actor_for(
                user,  # type: ignore[arg-type]
                ip=client_ip(request),
                request_id=request.request_id,  # type: ignore[attr-defined]
            )
        )

    def _key(self, request: HttpRequest, name: str) -> str:
        return f"{self.get_client_ip(request)}|{name}"


class PortalMFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted at rest."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong. Enter the one that your authenticator app shows."),
    }

    def encrypt(self, text: str) -> str:
        """Text that only this installation can read."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was encrypted."""
        return encryption.decrypt(encrypted_text)


class SecondFactorStage(AuthenticateStage):
    """Asks for the code of the authenticator app, on our own page."""

    urlname = "accounts:second-factor"

    def handle(self) -> tuple:
        """A redirect to the page when the user has a second factor."""
        if not self._should_handle(self.request):
            return None, True
        self.state["authentication_required"] = True
        return redirect(self.urlname), True


def _name(credentials: dict[str, Any]) -> str:
    """What was typed as a name, on either tab of the sign-in page."""
    parts = (credentials.get(part, "") for part in ("login", "account", "username"))
    return "/".join(str(part).strip().lower() for part in parts)
