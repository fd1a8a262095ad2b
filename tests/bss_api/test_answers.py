"""Answers: JSON always, one error shape, a request ID, no redirects (A.1, A.5, A.7)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.signer.signer import Signer

from accounts.models import AccessKey, Account, VerificationCode
from outbox.models import Delivery
from tests.cast import Cast

from .conftest import CHECK, FREE_NAME, SEND, Answer, Key, call, deliver, sign

ECHO = pytest.mark.urls("tests.bss_api.echo_urls")


def assert_json(answer: Answer) -> None:
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert len(answer.headers["X-Request-Id"]) == 32
    assert isinstance(answer.body, dict)


def plain(method: str, path: str, **kwargs: Any) -> Answer:
    """A request without a signature."""
    response = Client().generic(method, path, **kwargs)
    body = json.loads(response.content) if response.content else None
    return Answer(response.status_code, body, dict(response.headers))


@pytest.mark.requirement("api-A.5", "api-A.7")
def test_success_and_failure_have_the_headers(key: Key) -> None:
    assert_json(call(key))
    assert_json(call(key, body={}))
    nothing = call(key, path=SEND, body={"receiver_type": 2, "email": "a@acme.example"})
    assert (nothing.status, nothing.body) == (204, None)
    assert nothing.headers["X-Request-Id"]


@pytest.mark.requirement("api-A.1", "api-A.8")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["/v2/nothing", "/v2", "/v1.0/x", "/v9/y/", f"{CHECK}/", "/v2//partners"]
)
def test_unknown_paths_are_404_in_json(method: str, path: str) -> None:
    answer = plain(method, path)
    assert_json(answer)
    assert (answer.status, answer.code) == (404, "APIG.0101")
    assert "does not exist" in answer.message and answer.body["request_id"]


@pytest.mark.requirement("api-A.7")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_wrong_method_is_405_in_json(method: str) -> None:
    answer = plain(method, CHECK)
    assert_json(answer)
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST" and "POST" in answer.message


@pytest.mark.requirement("api-A.1")
def test_a_browsers_session_is_no_proof_and_csrf_is_not_asked(cast: Cast, key: Key) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.mara)
    refused = browser.post(CHECK, FREE_NAME, content_type="application/json")
    assert refused.status_code == 401
    assert deliver(sign(key, body=FREE_NAME), browser).status == 200


@pytest.mark.requirement("api-A.5", "api-A.7")
@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', b"7", b"null", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000],
    ids=["broken", "list", "text", "number", "null", "nan", "not utf-8", "deep"],
)
def test_a_body_that_is_no_json_object_is_a_parameter_error(key: Key, body: bytes) -> None:
    request = sign(key)
    request.body = body
    request.header_params.pop("Authorization")
    answer = deliver(Signer(GlobalCredentials(key.ak, key.sk)).sign(request))
    assert_json(answer)
    assert (answer.status, answer.code) == (400, "CBC.0100")


@pytest.mark.requirement("api-A.5")
def test_an_absent_body_is_an_empty_object(key: Key) -> None:
    answer = deliver(sign(key))
    assert (answer.status, answer.code) == (400, "CBC.0100")
    assert "search_type: This field is required." in answer.message


@pytest.mark.requirement("api-A.5")
def test_unknown_fields_are_ignored(key: Key) -> None:
    assert call(key, body={**FREE_NAME, "later": [1, 2]}).status == 200


@pytest.mark.requirement("api-A.5")
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/xml", "application/bson"])
def test_the_answer_is_json_whatever_is_accepted(key: Key, accept: str) -> None:
    assert_json(call(key, headers={"Accept": accept}))


@ECHO
@pytest.mark.requirement("api-A.5")
@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en_US"), ("zh_CN", "zh_CN"), ("ZH-cn", "zh_CN"), ("en-us", "en_US"), ("fr", "en_US")],
)
def test_x_language_in_any_spelling(key: Key, header: str, language: str) -> None:
    answer = call(key, "GET", "/v2/echo", headers={"X-Language": header})
    assert answer.body["language"] == language


@ECHO
@pytest.mark.requirement("api-A.7")
def test_a_fault_of_ours_is_500_in_json_and_tells_nothing(
    key: Key, caplog: pytest.LogCaptureFixture
) -> None:
    answer = call(key, "GET", "/v2/break")
    assert_json(answer)
    assert (answer.status, answer.code) == (500, "CBC.0999")
    assert "division" not in answer.message
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.requirement("api-A.1", "api-A.7")
def test_what_fails_before_an_operation_is_json_too(key: Key) -> None:
    answer = plain("POST", CHECK, headers={"Host": "bad host/"})
    assert_json(answer)
    assert (answer.status, answer.code) == (400, "CBC.0100")


@pytest.mark.requirement("api-A.7")
def test_pages_keep_their_own_errors(client: Client, db: None) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert not response.headers["Content-Type"].startswith("application/json")


@ECHO
@pytest.mark.requirement("08-AXO-02")
def test_a_critical_operation_asks_for_a_code_and_takes_it(cast: Cast, key: Key) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    asked = call(key, path="/v2/keys")
    assert (asked.status, asked.code) == (403, "CBC.0151")
    assert "Create an access key" in asked.message and "X-Verification-Code" in asked.message
    assert AccessKey.objects.count() == 1
    mail = Delivery.objects.get(template="verification_code", target=cast.mara.email)
    digits = next(word.strip(".") for word in mail.body.split() if word.strip(".").isdigit())
    wrong = "000000" if digits != "000000" else "111111"
    refused = call(key, path="/v2/keys", headers={"X-Verification-Code": wrong})
    assert (refused.status, AccessKey.objects.count()) == (403, 1)
    assert "Tries left: 4" in refused.message
    again = call(key, path="/v2/keys", body={"again": 1})
    assert again.status == 403 and "A code was just sent" in again.message
    done = call(key, path="/v2/keys", headers={"X-Verification-Code": digits})
    assert (done.status, AccessKey.objects.count()) == (200, 2)
    assert VerificationCode.objects.get().used_at is not None
