"""Tokens: an alternative to signing each request, valid for 24 hours (docs/api/bss-api.md A.4).

A token is signed, not stored. It carries a fingerprint of the user's password and session epoch, so
that a changed password or ended sessions make it worthless; locked users and suspended accounts are
refused when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

import audit.services
from accounts.models import User
from accounts.queries import api_users
from partner_center.actors import Actor

LIFETIME = timedelta(hours=24)
_SALT = "bss_api.token"


class BadToken(Exception):
    """Not one of our tokens, or its user may not act any more."""


class TokenExpired(BadToken):
    """Older than 24 hours; the message is the moment of expiry."""


@dataclass(frozen=True)
class Token:
    """An issued token: what is sent as X-Auth-Token, whose it is, and until when it is good."""

    text: str
    user: User
    issued_at: datetime
    expires_at: datetime


@transaction.atomic(durable=True)
def issue(actor: Actor, user: User, *, moment: datetime) -> Token:
    """A token for the user, who has just proved who it is; recorded."""
    expires_at = (moment + LIFETIME).replace(microsecond=0)
    after = {"expires_at": expires_at.isoformat()}
    audit.services.record(actor, "bss_api.token.issued", user, after=after)
    return Token(_text(user, expires_at), user, moment, expires_at)


def _text(user: User, expires_at: datetime) -> str:
    content = {"u": user.uid, "f": _fingerprint(user), "e": int(expires_at.timestamp())}
    return signing.dumps(content, salt=_SALT)


def user_of(token: str, *, moment: datetime) -> User:
    """The user of a token. Raises TokenExpired or BadToken."""
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise BadToken from error
    expires_at = datetime.fromtimestamp(content["e"], UTC)
    if moment >= expires_at:
        raise TokenExpired(expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    user = api_users.find_by_uid(content["u"])
    if user is None or not constant_time_compare(content["f"], _fingerprint(user)):
        raise BadToken
    return user


def _fingerprint(user: User) -> str:
    secrets = f"{user.password}:{user.get_session_auth_hash()}"
    return salted_hmac(_SALT, secrets, algorithm="sha256").hexdigest()[:32]
