"""B.2 check_user_identity and B.3 send_verification_message_code, whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Account, Role, RoleAssignment, User, VerificationCode
from audit.models import OperationRecord
from bss_api.models import SeenSignature
from outbox.models import Delivery
from partner_center import clock
from tests.cast import Cast

from .conftest import CHECK, SEND, Answer, Key, call

KeyOf = Callable[[User], Key]
MAIL = {"receiver_type": 2, "email": "ops@acme.example"}


def check(key: Key, kind: Any, value: Any) -> Answer:
    return call(key, path=CHECK, body={"search_type": kind, "search_value": value})


def send(key: Key, **changes: Any) -> Answer:
    """Ask for a code, with a date of its own so that equal calls are no repetitions."""
    SeenSignature.objects.all().delete()
    return call(key, path=SEND, body={**MAIL, **changes})


@pytest.mark.requirement("api-B.2")
@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("name", "acme-es", "available"),
        ("name", "tidemark-cloud", "used_by_user"),
        ("name", "Tidemark-Cloud", "used_by_user"),
        ("name", "-acme_2", "available"),
        ("email", "ops@acme.example", "available"),
        ("email", "accounts@northgate.example", "used_by_user"),
        ("email", "ACCOUNTS@northgate.example", "used_by_user"),
    ],
)
def test_names_and_addresses_in_use_are_told(key: Key, kind: str, value: str, result: str) -> None:
    answer = check(key, kind, value)
    assert (answer.status, answer.body) == (
        200,
        {"error_code": "CBC.0000", "error_msg": "success", "check_result": result},
    )


@pytest.mark.requirement("api-B.2")
def test_a_mobile_says_how_many_accounts_it_may_still_register(cast: Cast, key: Key) -> None:
    Account.objects.filter(pk=cast.northgate.pk).update(security_phone="+639175550001")
    used = check(key, "mobile", "0063-9175550001").body
    free = check(key, "mobile", "0063-9175550002").body
    assert (used["check_result"], used["mobile_remain_available_num"]) == ("used_by_user", 0)
    assert (free["check_result"], free["mobile_remain_available_num"]) == ("available", 1)


@pytest.mark.requirement("api-B.2", "api-A.5")
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("name", "acme"),
        ("name", "a" * 33),
        ("name", "op_acme"),
        ("name", "shadow_acme"),
        ("name", "123456"),
        ("name", "1acme"),
        ("name", "acme es"),
        ("email", "acme.example"),
        ("email", "@acme.example"),
        ("email", f"{'a' * 60}@acme.example"),
        ("mobile", "+639175550001"),
        ("mobile", "63-9175550001"),
        ("mobile", "0063-91755x"),
        ("phone", "0063-9175550001"),
        ("name", None),
        ("name", ""),
        (None, "acme-es"),
        ("name", "acme\u0000es"),
        ("name", ["acme-es"]),
        (7, {"a": 1}),
    ],
)
def test_what_cannot_be_checked_is_a_parameter_error(key: Key, kind: Any, value: Any) -> None:
    answer = check(key, kind, value)
    assert (answer.status, answer.code) == (400, "CBC.0100")
    assert answer.message.startswith("Parameter error. search_")


@pytest.mark.requirement("api-B.3")
@pytest.mark.parametrize(
    ("timeout", "minutes"), [(None, 10), (1, 1), (60, 60), (61, 5), (100_000, 5), ("30", 30)]
)
def test_the_code_lives_as_long_as_asked(key: Key, timeout: Any, minutes: int) -> None:
    answer = send(key, timeout=timeout)
    assert (answer.status, answer.body) == (204, None)
    code = VerificationCode.objects.get(target=MAIL["email"])
    assert code.expires_at - code.sent_at == timedelta(minutes=minutes)


@pytest.mark.requirement("api-B.3")
def test_a_code_is_mailed_and_recorded(cast: Cast, key: Key) -> None:
    assert send(key, lang="zh-cn").status == 204
    mail = Delivery.objects.get(target=MAIL["email"])
    assert mail.account_id == cast.tidemark.pk
    record = OperationRecord.objects.get(action="accounts.registration_code.sent")
    assert (record.after, record.door, record.actor_user_id) == (
        {"email": MAIL["email"]},
        "api",
        cast.mara.pk,
    )
    assert record.ip == "127.0.0.1" and record.request_id


@pytest.mark.requirement("api-B.3")
@pytest.mark.parametrize(
    "changes",
    [
        {"receiver_type": 1},
        {"receiver_type": None},
        {"receiver_type": "email"},
        {"email": None},
        {"email": "acme.example"},
        {"email": f"{'a' * 60}@acme.example"},
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": "soon"},
        {"lang": "de-de"},
    ],
    ids=str,
)
def test_wrong_input_sends_nothing(key: Key, changes: dict[str, Any]) -> None:
    answer = send(key, **changes)
    assert (answer.status, answer.code) == (400, "CBC.0100")
    assert next(iter(changes)) in answer.message
    assert not VerificationCode.objects.exists()


@pytest.mark.requirement("api-B.3", "api-A.9")
def test_fifteen_codes_an_hour_and_sixty_a_day(
    cast: Cast, key: Key, key_of: KeyOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = key_of(cast.nora)
    for number in range(15):
        assert send((key, other)[number % 2]).status == 204
    for caller in (key, other):  # the receiver is protected, whoever sends
        answer = send(caller)
        assert (answer.status, answer.code) == (400, "CBC.99004015")
    assert send(key, email="OPS@acme.example").status == 400
    assert send(key, email="else@acme.example").status == 204
    sent = VerificationCode.objects.filter(target=MAIL["email"])
    assert sent.count() == 15
    sent.update(sent_at=clock.now() - timedelta(minutes=61))
    assert send(key).status == 204
    template = sent.first()
    VerificationCode.objects.bulk_create(
        VerificationCode(
            operation=template.operation,
            channel=template.channel,
            target=template.target,
            code_hash="",
            sent_at=clock.now() - timedelta(hours=5),
            expires_at=clock.now(),
        )
        for _n in range(44)
    )
    assert (send(key).code, sent.count()) == ("CBC.99004015", 60)


@pytest.mark.requirement("api-A.10")
@pytest.mark.parametrize("path", [CHECK, SEND])
@pytest.mark.parametrize("who", ["leo", "hana", "olga"])
def test_resellers_customers_and_the_operator_are_refused(
    cast: Cast, key_of: KeyOf, who: str, path: str
) -> None:
    answer = call(key_of(getattr(cast, who)), path=path, body=MAIL)
    assert (answer.status, answer.code) == (403, "CBC.0151")
    assert not VerificationCode.objects.exists()


@pytest.mark.requirement("api-A.10")
def test_a_distributor_may_call(cast: Cast, key_of: KeyOf) -> None:
    key = key_of(cast.dina)
    assert check(key, "name", "acme-es").status == 200
    assert send(key).status == 204


@pytest.mark.requirement("api-A.10")
@pytest.mark.parametrize("path", [CHECK, SEND])
def test_a_member_needs_the_permission(cast: Cast, key_of: KeyOf, path: str) -> None:
    key = key_of(cast.ivy)
    answer = call(key, path=path, body=MAIL)
    assert (answer.status, answer.code) == (403, "CBC.0151")
    assert "Create customer accounts" in answer.message
    assert not VerificationCode.objects.exists()
    role = Role.objects.create(
        account=cast.tidemark,
        name="Registrar",
        permissions=["accounts.create_customers"],
        created_at=clock.now(),
    )
    RoleAssignment.objects.create(
        account=cast.tidemark, user=cast.ivy, role=role, assigned_at=clock.now()
    )
    assert send(key).status == 204
