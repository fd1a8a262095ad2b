"""A signature works once: replays are refused, equal reads within two seconds are not (A.3)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from bss_api import tasks
from bss_api.models import SeenSignature
from outbox.models import Delivery
from partner_center import clock

from .conftest import FREE_NAME, SEND, Answer, Key, deliver, sign

pytestmark = pytest.mark.requirement("api-A.3")

MAIL = {"receiver_type": 2, "email": "ops@acme.example"}


def assert_repetition(answer: Answer) -> None:
    assert (answer.status, answer.code) == (401, "APIG.0301")
    assert "was already received and was not carried out again" in answer.message


def test_a_repeated_write_is_refused_at_once(key: Key) -> None:
    request = sign(key, path=SEND, body=MAIL)
    assert deliver(request).status == 204
    assert_repetition(deliver(request))
    assert Delivery.objects.filter(target=MAIL["email"]).count() == 1


def test_a_repeated_read_is_answered_for_two_seconds(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    request = sign(key, body=FREE_NAME)
    assert deliver(request).status == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=2))
    assert deliver(request).status == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=3))
    assert_repetition(deliver(request))


def test_the_same_call_signed_a_second_later_is_carried_out(key: Key) -> None:
    for second in range(2):
        date = (clock.now() + timedelta(seconds=second)).strftime("%Y%m%dT%H%M%SZ")
        assert deliver(sign(key, path=SEND, body=MAIL, headers={"X-Sdk-Date": date})).status == 204
    assert Delivery.objects.filter(target=MAIL["email"]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_writes_at_once_one_is_carried_out(key: Key) -> None:
    request = sign(key, path=SEND, body=MAIL)
    answers: list[Answer] = []

    def send() -> None:
        answers.append(deliver(request))
        connection.close()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status for answer in answers) == [204, 401, 401, 401]
    assert Delivery.objects.filter(target=MAIL["email"]).count() == 1


def test_signatures_are_remembered_until_their_date_is_too_old(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    request = sign(key, path=SEND, body=MAIL)
    deliver(request)
    seen = SeenSignature.objects.get()
    assert abs(seen.expires_at - start - timedelta(minutes=15)) < timedelta(seconds=2)
    assert tasks.forget_seen_signatures() == 0
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=15, seconds=2))
    assert tasks.forget_seen_signatures() == 1
    assert deliver(request).status == 401


def test_the_cleanup_is_on_the_schedule() -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.forget_seen_signatures.name in scheduled


def test_a_refused_call_does_not_use_up_the_signature_of_another(key: Key) -> None:
    bad = sign(key, path=SEND, body={"receiver_type": 1, "email": "ops@acme.example"})
    assert deliver(bad).status == 400
    assert deliver(sign(key, path=SEND, body=MAIL)).status == 204
