"""Verification codes by themselves: life, tries, resending, what is kept."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.choices import CodeChannel
from accounts.models import VerificationCode
from accounts.refusals import CodeGone, CodeTooSoon, NoChannel, WrongCode
from accounts.services import codes

from ..cast import Cast
from . import steps

pytestmark = pytest.mark.django_db
OPERATION = "accounts.tested"


def _send(cast: Cast, operation: str = OPERATION) -> str:
    actor = cast.actor(cast.mara)
    codes.send_to_user(actor, operation=operation, channel=CodeChannel.EMAIL)
    return steps.code_sent_to(cast.mara.email)


@pytest.mark.requirement("08-AXO-07")
def test_a_code_has_six_digits_and_is_kept_as_a_hash_only(cast: Cast) -> None:
    code = _send(cast)
    kept = VerificationCode.objects.get()
    assert len(code) == 6
    assert code not in kept.code_hash and len(kept.code_hash) == 64
    assert kept.expires_at - kept.sent_at == codes.LIFETIME


@pytest.mark.requirement("08-AXO-07")
def test_a_new_code_waits_a_minute_and_ends_the_old_one(cast: Cast) -> None:
    old = _send(cast)
    with pytest.raises(CodeTooSoon):
        _send(cast)
    assert VerificationCode.objects.count() == 1
    steps.wait(60)
    new = _send(cast)
    actor = cast.actor(cast.mara)
    if old != new:
        with pytest.raises(WrongCode):
            codes.check(actor.with_code(old), OPERATION)
    assert codes.check(actor.with_code(new), OPERATION)


@pytest.mark.requirement("08-AXO-07")
def test_five_wrong_tries_end_the_code_and_a_new_one_still_waits(cast: Cast) -> None:
    code = _send(cast)
    actor = cast.actor(cast.mara).with_code(steps.wrong(code))
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as refused:
            codes.check(actor, OPERATION)
        assert refused.value.tries_left == left
    for entered in (steps.wrong(code), code):
        with pytest.raises(CodeGone):
            codes.check(actor.with_code(entered), OPERATION)
    with pytest.raises(CodeTooSoon):
        _send(cast)


@pytest.mark.requirement("08-AXO-07")
def test_a_used_code_is_gone_and_the_next_may_be_sent_at_once(cast: Cast) -> None:
    actor = cast.actor(cast.mara).with_code(_send(cast))
    code_id = codes.check(actor, OPERATION)
    codes.use_up(code_id)
    with pytest.raises(CodeGone):
        codes.use_up(code_id)
    with pytest.raises(CodeGone):
        codes.check(actor, OPERATION)
    assert _send(cast)


@pytest.mark.requirement("08-AXO-07")
def test_a_code_is_bound_to_user_and_operation(cast: Cast) -> None:
    code = _send(cast)
    with pytest.raises(CodeGone):
        codes.check(cast.actor(cast.nora).with_code(code), OPERATION)
    with pytest.raises(CodeGone):
        codes.check(cast.actor(cast.mara).with_code(code), "accounts.other")
    assert codes.check(cast.actor(cast.mara).with_code(f" {code} "), OPERATION)


def test_no_address_no_code(cast: Cast) -> None:
    type(cast.mara).objects.filter(pk=cast.mara.pk).update(mobile="")
    with pytest.raises(NoChannel):
        codes.send_to_user(cast.actor(cast.mara), operation=OPERATION, channel=CodeChannel.SMS)
    assert not VerificationCode.objects.exists()


def test_get_code_by_htmx_renews_the_code_entry_alone(client: Client) -> None:
    headers = {"HX-Request": "true"}
    data = {"country": "PH", "email": steps.EMAIL, "get_code": "1", "part": "code-entry"}
    answer = client.post("/register", data, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 200 and page.lstrip().startswith("<div")
    assert "Sent to" in page and "data-pc-countdown" in page and "csrf" not in page
    bad = client.post("/register", data | {"email": "nonsense"}, headers=headers)
    assert bad.status_code == 422
    assert "Email: Enter a valid email address." in bad.content.decode()
    soon = client.post("/register", data, headers=headers)
    assert soon.status_code == 422 and "A code was just sent." in soon.content.decode()
    assert VerificationCode.objects.count() == 1
