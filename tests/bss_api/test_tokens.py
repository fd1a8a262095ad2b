"""Tokens as an alternative to signing (A.4)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.choices import AccountStatus, UserStatus
from accounts.models import Account, User
from audit.models import OperationRecord
from partner_center import clock
from tests.cast import PASSWORD, Cast

from .conftest import CHECK, FREE_NAME, Answer, Key, call

pytestmark = pytest.mark.requirement("api-A.4")


def sign_in(account: str, username: str, password: str = PASSWORD, **identity: Any) -> Answer:
    user = {"name": username, "password": password, "domain": {"name": account}}
    body = {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": user}, **identity},
            "scope": {"domain": {"name": account}},
        }
    }
    return post("/v3/auth/tokens", body)


def post(path: str, body: Any, **headers: str) -> Answer:
    response = Client().post(path, body, content_type="application/json", headers=headers)
    return Answer(response.status_code, json.loads(response.content), dict(response.headers))


def check(token: str, **headers: str) -> Answer:
    return post(CHECK, FREE_NAME, **{"X-Auth-Token": token}, **headers)


def passcode(code: str) -> dict[str, Any]:
    """What is sent besides the password by a user with a second factor."""
    return {"methods": ["password", "totp"], "totp": {"user": {"passcode": code}}}


def token_of(cast: Cast, user: User) -> str:
    return sign_in(user.account.name, user.username).headers["X-Subject-Token"]


def test_a_main_user_gets_a_token_for_24_hours(cast: Cast) -> None:
    answer = sign_in("tidemark-cloud", "tidemark-cloud")
    token = answer.body["token"]
    assert answer.status == 201
    assert token["user"]["name"] == "tidemark-cloud"
    assert token["domain"] == {"id": cast.tidemark.public_id, "name": "tidemark-cloud"}
    expires = (clock.now() + timedelta(hours=24)).strftime("%Y-%m-%dT%H:")
    assert token["expires_at"].startswith(expires) and len(token["expires_at"]) == 20
    assert check(answer.headers["X-Subject-Token"]).status == 200
    record = OperationRecord.objects.get(action="bss_api.token.issued")
    assert (record.actor_user_id, record.door) == (cast.mara.pk, "api")


def test_a_member_acts_with_its_own_permissions(cast: Cast) -> None:
    answer = check(token_of(cast, cast.ivy))
    assert (answer.status, answer.code) == (403, "CBC.0151")


@pytest.mark.parametrize(
    ("account", "username", "password"),
    [
        ("tidemark-cloud", "tidemark-cloud", "wrong"),
        ("tidemark-cloud", "nobody", PASSWORD),
        ("northgate", "f.cruz", PASSWORD),
        ("nobody", "nobody", PASSWORD),
    ],
)
def test_wrong_sign_ins_read_the_same(
    cast: Cast, account: str, username: str, password: str
) -> None:
    answer = sign_in(account, username, password)
    assert (answer.status, answer.code) == (401, "APIG.0301")
    assert answer.message.endswith("the account name, user name or password is wrong")
    assert "X-Subject-Token" not in answer.headers


def test_a_password_that_must_be_changed_gives_no_token(cast: Cast) -> None:
    User.objects.filter(pk=cast.felix.pk).update(must_change_password=True)
    assert "must be changed first" in sign_in("tidemark-cloud", "f.cruz").message


def test_a_second_factor_is_asked_for(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.mara, secret)
    without = sign_in("tidemark-cloud", "tidemark-cloud")
    assert (without.status, without.code) == (401, "APIG.0301")
    assert "second factor" in without.message
    code = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    assert sign_in("tidemark-cloud", "tidemark-cloud", **passcode(code)).status == 201
    again = sign_in("tidemark-cloud", "tidemark-cloud", **passcode(code))
    assert again.status == 401, "a passcode works once"


def test_wrong_passcodes_are_throttled_even_with_the_right_password(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.mara, secret)
    for _try in range(5):
        assert sign_in("tidemark-cloud", "tidemark-cloud", **passcode("000000")).status == 401
    code = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    throttled = sign_in("tidemark-cloud", "tidemark-cloud", **passcode(code))
    assert (throttled.status, throttled.code) == (429, "APIG.0308")


def test_who_knows_the_password_is_told_of_the_lock(cast: Cast) -> None:
    User.objects.filter(pk=cast.felix.pk).update(status=UserStatus.LOCKED)
    right, wrong = sign_in("tidemark-cloud", "f.cruz"), sign_in("tidemark-cloud", "f.cruz", "no")
    assert right.status == wrong.status == 401
    assert "locked" in right.message and "locked" not in wrong.message


def test_tries_are_throttled(cast: Cast) -> None:
    for _try in range(5):
        assert sign_in("tidemark-cloud", "f.cruz", "wrong").status == 401
    throttled = sign_in("tidemark-cloud", "f.cruz")
    assert (throttled.status, throttled.code) == (429, "APIG.0308")
    assert throttled.headers["Retry-After"]
    assert sign_in("tidemark-cloud", "r.santos").status == 201


def test_successful_tries_are_not_counted(cast: Cast) -> None:
    assert {sign_in("tidemark-cloud", "f.cruz").status for _try in range(8)} == {201}


def test_broken_and_foreign_tokens_are_refused(cast: Cast) -> None:
    token = token_of(cast, cast.mara)
    for broken in ("rubbish", token[:-1] + ("A" if token[-1] != "A" else "B"), "a:b:c"):
        answer = check(broken)
        assert (answer.status, answer.code) == (401, "APIG.0301")
        assert "decrypt token fail" in answer.message
    other_domain = check(token, **{"X-Domain-Id": cast.northgate.public_id})
    assert other_domain.status == 401


def test_a_token_ends_after_24_hours(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(cast, cast.mara)
    later = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = check(token)
    assert answer.status == 401
    assert "token expires, expires_at:" in answer.message


@pytest.mark.parametrize("what", ["locked", "deleted", "suspended", "password", "sessions"])
def test_tokens_die_with_the_users_right_to_sign_in(cast: Cast, what: str) -> None:
    token = token_of(cast, cast.rosa)
    assert check(token).code == "CBC.0151"
    users = User.objects.filter(pk=cast.rosa.pk)
    match what:
        case "locked":
            users.update(status=UserStatus.LOCKED)
        case "deleted":
            users.update(status=UserStatus.DELETED)
        case "suspended":
            Account.objects.filter(pk=cast.tidemark.pk).update(status=AccountStatus.SUSPENDED)
        case "password":
            cast.rosa.set_password("Another2026")
            cast.rosa.save(update_fields=["password"])
        case _:
            users.update(session_epoch=1)
    assert "decrypt token fail" in check(token).message


def test_a_wrong_signature_is_not_saved_by_a_token(cast: Cast, key: Key) -> None:
    token = token_of(cast, cast.mara)
    wrong = Key(key.id, key.ak, "x" * 40, key.domain_id)
    assert call(wrong, headers={"X-Auth-Token": token}).status == 401


def test_who_the_caller_is(cast: Cast, key: Key) -> None:
    domains = call(key, "GET", "/v3/auth/domains", headers={"X-Domain-Id": "", "Content-Type": ""})
    assert domains.body == {"domains": [{"id": cast.tidemark.public_id, "name": "tidemark-cloud"}]}
    identity = call(key, "GET", "/v5/caller-identity", headers={"X-Domain-Id": ""})
    assert identity.body == {"account_id": cast.tidemark.public_id}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"auth": {}},
        {"auth": {"identity": {"methods": ["token"]}}},
        {"auth": "x"},
        {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "x"}}}}},
    ],
    ids=str,
)
def test_a_malformed_sign_in_is_a_parameter_error(db: None, body: Any) -> None:
    answer = post("/v3/auth/tokens", body)
    assert (answer.status, answer.code) == (400, "CBC.0100")
    assert "auth" in answer.message
