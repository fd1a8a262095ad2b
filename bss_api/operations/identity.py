"""Tokens, and who the caller is (docs/api/bss-api.md A.4)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.queries.information import account_of
from partner_center import clock

from ..authentication import actor_of
from ..serializers import RequestSerializer, UtcField
from ..services import tokens
from ..sign_in import Credentials, user_by_password
from ..views import Operation


class DomainName(RequestSerializer):
    """The account, by its name."""

    name = serializers.CharField(max_length=64)


class PasswordUser(RequestSerializer):
    """The user, by account and name."""

    name = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    domain = DomainName()


class PasswordMethod(RequestSerializer):
    """Proof by password."""

    user = PasswordUser()


class PasscodeUser(RequestSerializer):
    """The second factor's digits; the user is the one of the password."""

    passcode = serializers.CharField(max_length=16)


class PasscodeMethod(RequestSerializer):
    """Proof by a second factor."""

    user = PasscodeUser()


class Identity(RequestSerializer):
    """How the user proves who it is."""

    methods = serializers.ListField(
        child=serializers.ChoiceField(["password", "totp"]), min_length=1, max_length=2
    )
    password = PasswordMethod()
    totp = PasscodeMethod(required=False)


class Auth(RequestSerializer):
    """Keystone's envelope. A scope may be sent; the token is for the user's own account anyway."""

    identity = Identity()


class TokenRequest(RequestSerializer):
    """Account name, user name, password."""

    auth = Auth()


class NamedDomain(serializers.Serializer):
    """An account: its domain ID and its name."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()


class TokenUser(serializers.Serializer):
    """Whom the token stands for."""

    id = serializers.CharField(source="uid")
    name = serializers.CharField(source="username")
    domain = NamedDomain(source="account")


class TokenContent(serializers.Serializer):
    """What Keystone says about a token."""

    expires_at = UtcField()
    issued_at = UtcField()
    methods = serializers.ListField(child=serializers.CharField(), default=["password"])
    user = TokenUser()
    domain = NamedDomain(source="user.account")


class TokenResponse(serializers.Serializer):
    """The token itself is in the header X-Subject-Token."""

    token = TokenContent(source="*")


class CreateToken(Operation):
    """Issue a token that is sent as X-Auth-Token instead of signing, valid for 24 hours."""

    name = "create_token"
    method = "POST"
    path = "/v3/auth/tokens"
    authentication_classes = []
    request_serializer = TokenRequest
    response_serializer = TokenResponse
    success_status = 201

    def run(self, data: dict[str, Any]) -> tokens.Token:
        request = self.request._request
        user = user_by_password(request, _credentials(data["auth"]["identity"]))
        token = tokens.issue(actor_of(request, user), user, moment=clock.now())
        self.headers["X-Subject-Token"] = token.text
        return token


class DomainsResponse(serializers.Serializer):
    """One account: the caller's."""

    domains = NamedDomain(many=True)


class ListDomains(Operation):
    """The caller's account; the SDK asks for it when it was given no domain ID."""

    name = "list_domains"
    method = "GET"
    path = "/v3/auth/domains"
    reads_only = True
    response_serializer = DomainsResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"domains": [account_of(self.actor)]}


class CallerIdentityResponse(serializers.Serializer):
    """The caller's domain ID."""

    account_id = serializers.CharField(source="public_id")


class ShowCallerIdentity(Operation):
    """The caller's domain ID, the other way round that the SDK knows."""

    name = "show_caller_identity"
    method = "GET"
    path = "/v5/caller-identity"
    reads_only = True
    response_serializer = CallerIdentityResponse

    def run(self, data: dict[str, Any]) -> Any:
        return account_of(self.actor)


def _credentials(identity: dict[str, Any]) -> Credentials:
    user = identity["password"]["user"]
    return Credentials(
        account=user["domain"]["name"],
        username=user["name"],
        password=user["password"],
        passcode=identity.get("totp", {}).get("user", {}).get("passcode", ""),
    )
