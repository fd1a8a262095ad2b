"""Who calls: a signature with an access key, or a token (docs/api/bss-api.md A.3, A.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

import accounts.services.access_keys
from accounts.models import AccessKey, User
from accounts.queries import access_keys, actors
from partner_center import clock
from partner_center.actors import Actor, Door
from partner_center.middleware import client_ip

from . import signature
from .errors import NotAuthenticated
from .services import tokens

TIME_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Signed:
    """A signature that was right, for the refusal of repetitions."""

    signature: str
    #: From this moment on the signature's date is too old anyway.
    expires_at: datetime


class SignatureAuthentication(BaseAuthentication):
    """``Authorization: SDK-HMAC-SHA256 …``: when it is there, it decides, and no token is read."""

    def authenticate(self, request: Request) -> tuple[Actor, Signed] | None:
        value = request.headers.get("Authorization")
        if value is None:
            return None
        moment = clock.now()
        try:
            authorization = signature.parse_authorization(value)
            signed_at = signature.parse_date(request.headers.get("X-Sdk-Date"))
            key = _usable_key(authorization.ak, moment)
            _refuse_outside_window(signed_at, moment)
            _check_signature(request._request, authorization, key, moment)
        except signature.BadSignature as error:
            raise NotAuthenticated(f"verify aksk signature fail, {error}") from error
        _refuse_other_identity(request, key.user)
        actor = actor_of(request._request, key.user)
        return actor, Signed(authorization.signature, signed_at + TIME_WINDOW)


class TokenAuthentication(BaseAuthentication):
    """``X-Auth-Token``, for callers that do not sign."""

    def authenticate(self, request: Request) -> tuple[Actor, None]:
        token = request.headers.get("X-Auth-Token")
        if not token:
            raise NotAuthenticated("x-auth-token not found")
        try:
            user = tokens.user_of(token, moment=clock.now())
        except tokens.TokenExpired as error:
            raise NotAuthenticated(f"token expires, expires_at:{error}") from error
        except tokens.BadToken as error:
            raise NotAuthenticated("decrypt token fail") from error
        _refuse_other_domain(request, user)
        return actor_of(request._request, user), None


def _usable_key(ak: str, moment: datetime) -> AccessKey:
    """The key, unless it is unknown, switched off, or locked by wrong signatures."""
    key = access_keys.find_for_signing(ak)
    if key is None:
        raise NotAuthenticated("Get secretKey failed, the access key is unknown or not in use")
    if access_keys.is_locked(key, moment):
        raise NotAuthenticated("AK access failed to reach the limit,forbidden")
    return key


def _refuse_outside_window(signed_at: datetime, moment: datetime) -> None:
    if abs(moment - signed_at) > TIME_WINDOW:
        raise signature.BadSignature("X-Sdk-Date is more than 15 minutes from the server's time")


def _check_signature(
    request: HttpRequest,
    authorization: signature.Authorization,
    key: AccessKey,
    moment: datetime,
) -> None:
    """Compare, and report the outcome: five wrong ones in a row lock the key."""
    try:
        right = signature.matches(
            signed_request(request), authorization, access_keys.secret_of(key)
        )
    except signature.BadSignature:
        accounts.services.access_keys.count_wrong_signature(key.pk, moment=moment)
        raise
    if not right:
        accounts.services.access_keys.count_wrong_signature(key.pk, moment=moment)
        raise signature.BadSignature("the signature does not match")
    accounts.services.access_keys.note_use(key, moment=moment)


def signed_request(request: HttpRequest) -> signature.SignedRequest:
    """The request as its sender signed it.

    Every WSGI server has percent-decoded the path once, which is what the signature starts from.
    The host is what the client sent, port included, not what ``get_host`` makes of it.
    """
    return signature.SignedRequest(
        method=request.method or "",
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        body=request.body,
        header=lambda name: _header(request, name),
    )


def _header(request: HttpRequest, name: str) -> str | None:
    """A header as UTF-8 text: WSGI hands the bytes over as Latin-1."""
    value = request.headers.get(name)
    try:
        return None if value is None else value.encode("latin-1").decode()
    except UnicodeError as error:
        raise signature.BadSignature(f"the header {name} is not UTF-8") from error


def _refuse_other_identity(request: Request, user: User) -> None:
    if request.headers.get("X-Security-Token"):
        raise NotAuthenticated("Get secretKey failed, X-Security-Token belongs to no temporary key")
    _refuse_other_domain(request, user)


def _refuse_other_domain(request: Request, user: User) -> None:
    domain = request.headers.get("X-Domain-Id")
    if domain and domain != user.account.public_id:
        raise NotAuthenticated("X-Domain-Id is not the account of this caller")


def actor_of(request: HttpRequest, user: User) -> Actor:
    """The user as an actor at this door, with the code of X-Verification-Code, if one came."""
    actor = actors.actor_for(
        user,
        door=Door.API,
        ip=client_ip(request),
        request_id=getattr(request, "request_id", ""),
    )
    return actor.with_code(request.headers.get("X-Verification-Code", "").strip() or None)
