"""AK/SK signatures: what is accepted, what is refused and what stays locked (A.3)."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from accounts.choices import AccessKeyStatus, AccountStatus, UserStatus
from accounts.models import AccessKey, Account, User
from accounts.services import access_keys
from audit.models import OperationRecord
from bss_api import authentication, signature
from bss_api.models import SeenSignature
from partner_center import clock
from tests.cast import Cast

from .conftest import CHECK, FREE_NAME, Key, call, deliver, reload, sign

pytestmark = pytest.mark.requirement("api-A.3")


def wrong(key: Key) -> Key:
    """The key with a secret that is not its own."""
    return Key(key.id, key.ak, "x" * 40, key.domain_id)


def assert_refused(answer, reason: str) -> None:
    assert (answer.status, answer.code) == (401, "APIG.0301"), answer
    assert answer.message.startswith("Incorrect IAM authentication information: ")
    assert reason in answer.message
    assert answer.body["request_id"] == answer.headers["X-Request-Id"]


def test_a_signed_call_is_answered_and_notes_the_use(key: Key) -> None:
    answer = call(key)
    assert (answer.status, answer.body["check_result"]) == (200, "available")
    assert reload(key).last_used_at is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Domain-Id": ""},
        {"X-Language": "en-us"},
        {"X-Note": "  spaces  inside   stay  "},
        {"X-Note": "Größe – 大小"},
        {"X-Auth-Token": "ignored when there is a signature"},
        {"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"},
        {"Content-Type": ""},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_headers_that_are_signed_along_are_checked(key: Key, headers: dict[str, str]) -> None:
    assert call(key, headers=headers).status == 200


@pytest.mark.parametrize(
    "query",
    [
        [("region", "")],
        [("b", "2"), ("a", "1"), ("a", "0")],
        [("name", "Ä ö+*~:/&=?"), ("flag", True)],
        [("name", "100%25")],
    ],
    ids=["empty", "sorted", "escaped", "percent"],
)
def test_any_query_string_can_be_signed(key: Key, query: list[tuple[str, object]]) -> None:
    assert call(key, query=query).status == 200


@pytest.mark.parametrize("name", ["a%2Fb%20c", "%E5%A4%A7", "100%2525", "a~b.c_d"])
def test_a_path_is_decoded_once_before_it_is_signed(key: Key, name: str) -> None:
    request = sign(key, "GET", f"/v2/orders/{name}")
    arrived = RequestFactory().generic(
        "GET",
        request.uri,
        headers=request.header_params,
        content_type="application/json",
    )
    authorization = signature.parse_authorization(request.header_params["Authorization"])
    assert signature.matches(authentication.signed_request(arrived), authorization, key.sk)


def test_unsigned_body_hash_must_be_true(key: Key) -> None:
    right = sign(key, body=FREE_NAME)
    right_hash = hashlib.sha256(right.body).hexdigest()
    assert call(key, headers={"X-Sdk-Content-Sha256": right_hash}).status == 200
    other = call(key, headers={"X-Sdk-Content-Sha256": hashlib.sha256(b"other").hexdigest()})
    assert_refused(other, "X-Sdk-Content-Sha256 is not the hash of the body")


def test_a_changed_body_query_or_method_breaks_the_signature(key: Key) -> None:
    for change in ({"body": b"{}"}, {"uri": f"{CHECK}?a=1"}):
        request = sign(key, body=FREE_NAME)
        for name, value in change.items():
            setattr(request, name, value)
        assert_refused(deliver(request), "the signature does not match")


def test_a_wrong_secret_and_an_unknown_key_are_refused(key: Key) -> None:
    assert_refused(call(wrong(key)), "verify aksk signature fail")
    assert reload(key).failures_in_row == 1
    assert_refused(call(Key(0, "NOSUCHKEY", key.sk, key.domain_id)), "Get secretKey failed")


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_date_outside_fifteen_minutes_is_refused_and_not_counted(key: Key, minutes: int) -> None:
    moment = clock.now() + timedelta(minutes=minutes)
    late = call(key, headers={"X-Sdk-Date": moment.strftime("%Y%m%dT%H%M%SZ")})
    assert_refused(late, "more than 15 minutes")
    assert reload(key).failures_in_row == 0


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_date_within_fifteen_minutes_is_accepted(key: Key, minutes: int) -> None:
    moment = clock.now() + timedelta(minutes=minutes)
    assert call(key, headers={"X-Sdk-Date": moment.strftime("%Y%m%dT%H%M%SZ")}).status == 200


@pytest.mark.parametrize("date", ["20261399T250000Z", "2026-11-20T00:00:00Z", "now"])
def test_a_broken_date_is_refused(key: Key, date: str) -> None:
    request = sign(key, body=FREE_NAME)
    request.header_params["X-Sdk-Date"] = date
    assert_refused(deliver(request), "X-Sdk-Date must be written")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            "V11-HMAC-SHA256 Access={ak}, SignedHeaders=host;x-sdk-date, Signature={hex}",
            "algorithm",
        ),
        ("SDK-HMAC-SM3 Access={ak}, SignedHeaders=host;x-sdk-date, Signature={hex}", "algorithm"),
        ("SDK-ECDSA-P256-SHA256 Access={ak}, SignedHeaders=host, Signature={hex}", "algorithm"),
        ("Basic Zm9v", "algorithm"),
        ("", "algorithm"),
        ("SDK-HMAC-SHA256 nonsense", "malformed"),
        ("SDK-HMAC-SHA256 Access={ak}, SignedHeaders=host, Signature={hex}", "must be signed"),
        (
            "SDK-HMAC-SHA256 Access={ak}, SignedHeaders=host;x-missing;x-sdk-date, Signature={hex}",
            "the signed header x-missing is missing",
        ),
    ],
)
def test_other_algorithms_and_broken_headers_are_refused(key: Key, value: str, reason: str) -> None:
    request = sign(key, body=FREE_NAME)
    request.header_params["Authorization"] = value.format(ak=key.ak, hex="0" * 64)
    assert_refused(deliver(request), reason)


def test_the_domain_must_be_the_keys_own(cast: Cast, key: Key) -> None:
    foreign = Key(key.id, key.ak, key.sk, cast.northgate.public_id)
    assert_refused(call(foreign), "X-Domain-Id")


def test_a_security_token_belongs_to_no_key_of_ours(key: Key) -> None:
    assert_refused(call(key, headers={"X-Security-Token": "temporary"}), "X-Security-Token")


@pytest.mark.parametrize("what", ["disabled", "deleted", "user locked", "account suspended"])
def test_what_may_not_act_is_refused(cast: Cast, key_of: Callable[[User], Key], what: str) -> None:
    key = key_of(cast.felix)
    actor = cast.actor(cast.mara)
    match what:
        case "disabled":
            access_keys.disable_key(actor, ak=key.ak)
        case "deleted":
            access_keys.delete_key(actor, ak=key.ak)
        case "user locked":
            User.objects.filter(pk=cast.felix.pk).update(status=UserStatus.LOCKED)
        case _:
            Account.objects.filter(pk=cast.tidemark.pk).update(status=AccountStatus.SUSPENDED)
    assert_refused(call(key), "Get secretKey failed")


def test_an_enabled_key_works_again(cast: Cast, key: Key) -> None:
    actor = cast.actor(cast.mara)
    access_keys.disable_key(actor, ak=key.ak)
    access_keys.enable_key(actor, ak=key.ak)
    assert reload(key).status == AccessKeyStatus.ENABLED
    assert call(key).status == 200


def test_five_wrong_signatures_in_a_row_lock_the_key_for_five_minutes(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _try in range(5):
        assert_refused(call(wrong(key)), "does not match")
    assert_refused(call(key), "AK access failed to reach the limit,forbidden")
    locked = OperationRecord.objects.get(action="accounts.access_key.locked")
    assert locked.target_id == str(key.id)
    until = reload(key).locked_until
    monkeypatch.setattr(clock, "now", lambda: until - timedelta(seconds=1))
    assert_refused(call(key), "forbidden")
    monkeypatch.setattr(clock, "now", lambda: until + timedelta(seconds=1))
    assert call(key, headers=_dated(clock.now())).status == 200
    assert reload(key).failures_in_row == 0


def _dated(moment) -> dict[str, str]:
    return {"X-Sdk-Date": moment.strftime("%Y%m%dT%H%M%SZ")}


def test_a_right_signature_ends_the_row(key: Key) -> None:
    for _round in range(2):
        for _try in range(4):
            call(wrong(key))
        assert (
            call(key, body={"search_type": "name", "search_value": f"acme-{_round}"}).status == 200
        )
    assert reload(key).locked_until is None


@pytest.mark.django_db(transaction=True)
def test_wrong_signatures_at_once_are_all_counted(cast: Cast, key: Key) -> None:
    def fail() -> None:
        call(wrong(key))
        connection.close()

    threads = [threading.Thread(target=fail) for _n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AccessKey.objects.get(pk=key.id).locked_until is not None


def test_without_any_proof_nothing_is_answered(db: None) -> None:
    request = sign(Key(0, "AK", "SK", "x"), body=FREE_NAME)
    del request.header_params["Authorization"]
    assert_refused(deliver(request), "x-auth-token not found")
    assert not SeenSignature.objects.exists()
