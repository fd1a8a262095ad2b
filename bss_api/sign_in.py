"""Proving by password who one is, with the throttles of the portal's own sign-in (A.4)."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import User
from accounts.refusals import AccountSuspended, MemberLocked, TooManyAttempts
from accounts.services import sessions

from .errors import THROTTLED, ApiError, NotAuthenticated


@dataclass(frozen=True)
class Credentials:
    """What is sent to get a token. ``passcode`` is the code of the user's authenticator app."""

    account: str
    username: str
    password: str
    passcode: str = ""

    def as_typed(self) -> dict[str, str]:
        """As on the sign-in page, so that tries there and here are counted together."""
        if self.username.lower() == self.account.lower():
            return {"login": self.account, "password": self.password}
        return {"account": self.account, "username": self.username, "password": self.password}


def user_by_password(request: HttpRequest, credentials: Credentials) -> User:
    """The user with these credentials. Raises NotAuthenticated, or 429 after too many tries."""
    try:
        user = get_adapter(request).authenticate(request, **credentials.as_typed())
    except TooManyAttempts as refusal:
        raise _throttled(refusal.sentence) from refusal
    if user is None:
        raise NotAuthenticated("the account name, user name or password is wrong")
    try:
        sessions.refuse_unusable(user)
    except (AccountSuspended, MemberLocked) as refusal:
        raise NotAuthenticated(refusal.sentence) from refusal
    if user.must_change_password:
        raise NotAuthenticated("the password must be changed first: sign in on the portal")
    _refuse_wrong_passcode(request, user, credentials.passcode)
    return user


def _refuse_wrong_passcode(request: HttpRequest, user: User, passcode: str) -> None:
    """Ask for the second factor of a user who has one; its tries are few as well."""
    totp = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if totp is None:
        return
    key = f"mfa-auth-user-{user.pk}"  # the one of allauth's own stage
    if not ratelimit.consume(request, action="login_failed", key=key):
        raise _throttled("Too many wrong passcodes. Try again in 5 minutes.")
    if not (passcode and totp.wrap().validate_code(passcode)):
        raise NotAuthenticated(
            "the passcode of the second factor is missing or wrong: send the method totp as well"
        )
    ratelimit.clear(request, action="login_failed", key=key)


def _throttled(sentence: str) -> ApiError:
    return ApiError(429, THROTTLED, sentence, headers={"Retry-After": "300"})
