"""Deliveries leave the house once, are tried again when they fail, and give up in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

import outbox.services
from outbox import rules, sending
from outbox.choices import DeliveryState
from outbox.gateways import message_id
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from tests.cast import Cast

from .smtp_sink import Sink

CODE = {"code": "123456", "minutes": 10, "operation": ""}


def queue(to: str = "mara@tidemark.example", **options: object) -> Delivery:
    return outbox.services.queue_email("verification_code", to, CODE, **options)


def make_due(delivery: Delivery) -> None:
    """Let the time pass that the delivery waits for."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=clock.now())


@pytest.mark.django_db
def test_real_mail_server_gets_the_message(sink: Sink) -> None:
    delivery = queue()
    assert sending.send_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.last_error) == (DeliveryState.SENT, 1, "")
    assert delivery.sent_at is not None
    [message] = sink.messages
    assert message["To"] == "mara@tidemark.example"
    assert message["Subject"] == "Your Partner Center verification code"
    assert message["Message-ID"] == message_id(delivery)
    assert "123456" in message.get_content()


@pytest.mark.django_db
def test_sent_delivery_is_not_sent_again(sink: Sink) -> None:
    queue()
    sending.send_due()
    assert sending.send_due() == 0
    assert len(sink.messages) == 1


@pytest.mark.django_db
def test_delivery_waits_until_it_is_due(sink: Sink) -> None:
    delivery = queue(due_at=clock.now() + timedelta(hours=1))
    assert sending.send_due() == 0
    make_due(delivery)
    assert sending.send_due() == 1


@pytest.mark.django_db
def test_codes_overtake_ordinary_messages(sink: Sink) -> None:
    queue("ordinary@tidemark.example", urgent=False)
    queue("urgent@tidemark.example")
    sending.send_due()
    assert [m["To"] for m in sink.messages] == [
        "urgent@tidemark.example",
        "ordinary@tidemark.example",
    ]


@pytest.mark.django_db
def test_text_of_a_secret_is_gone_once_it_was_sent(sink: Sink, settings: Settings) -> None:
    secret, ordinary = queue(secret=True), queue()
    sending.send_due()
    secret.refresh_from_db()
    ordinary.refresh_from_db()
    assert (secret.body, "123456" in ordinary.body) == ("", True)
    settings.DEMO_MODE = True
    shown = queue(secret=True)
    sending.send_due()
    shown.refresh_from_db()
    assert "123456" in shown.body


@pytest.mark.django_db
def test_failure_is_tried_again_later(sink: Sink) -> None:
    delivery = queue()
    sink.refuse["mara@tidemark.example"] = "451 Try again later"
    before = clock.now()
    sending.send_due()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.QUEUED
    assert "451" in delivery.last_error
    assert delivery.due_at >= before + timedelta(seconds=30)
    sink.refuse.clear()
    make_due(delivery)
    sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, delivery.last_error) == (DeliveryState.SENT, 2, "")


@pytest.mark.django_db
def test_mail_server_that_is_away_is_tried_again(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    delivery = queue()
    sending.send_due()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.QUEUED
    assert "ConnectionRefusedError" in delivery.last_error


@pytest.mark.django_db
def test_refusal_for_good_fails_at_once_and_holds_up_nobody(sink: Sink) -> None:
    sink.refuse["nobody@tidemark.example"] = "550 No such user"
    failed, fine = queue("nobody@tidemark.example"), queue()
    sending.send_due()
    failed.refresh_from_db()
    fine.refresh_from_db()
    assert (failed.state, failed.tries) == (DeliveryState.FAILED, 1)
    assert failed.last_error == "550 No such user"
    assert fine.state == DeliveryState.SENT


@pytest.mark.django_db
def test_delivery_fails_after_the_last_try(sink: Sink) -> None:
    delivery = queue()
    sink.refuse["mara@tidemark.example"] = "451 Try again later"
    for _ in range(rules.MAX_TRIES):
        make_due(delivery)
        sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (DeliveryState.FAILED, rules.MAX_TRIES)
    make_due(delivery)
    assert sending.send_due() == 0


@pytest.mark.django_db
def test_delivery_that_kills_every_worker_fails_in_the_end(sink: Sink) -> None:
    delivery = queue()
    Delivery.objects.update(tries=rules.MAX_TRIES)
    sending.send_due()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    assert delivery.last_error == "The worker stopped at every try."
    assert not sink.messages


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [rules.pause_after(tries).total_seconds() for tries in range(1, 11)]
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert rules.pause_after(100) == timedelta(hours=1)


@pytest.mark.django_db
def test_worker_that_lost_its_lease_notes_nothing(sink: Sink) -> None:
    delivery = queue()
    late = sending._take()
    make_due(delivery)
    assert sending.send_due() == 1
    assert late is not None
    sending._note_failed_try(late, "too late")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == (DeliveryState.SENT, "")


@pytest.mark.django_db
def test_one_nudge_for_all_messages_of_a_transaction(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(
        "partner_center.nudging.current_app.send_task", lambda name, **_options: sent.append(name)
    )
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue()
        queue("second@tidemark.example")
        queue(due_at=clock.now() + timedelta(hours=1))
        assert sent == []
    assert sent == ["outbox.send_deliveries"]


def test_operator_sends_a_failed_delivery_again(cast: Cast, sink: Sink) -> None:
    delivery = queue()
    Delivery.objects.update(state=DeliveryState.FAILED, tries=rules.MAX_TRIES)
    with pytest.raises(NotPermitted):
        outbox.services.retry(cast.actor(cast.mara), delivery_id=delivery.pk)
    assert sending.send_due() == 0
    outbox.services.retry(cast.actor(cast.olga), delivery_id=delivery.pk)
    assert sending.send_due() == 1
    with pytest.raises(NotFound):
        outbox.services.retry(cast.actor(cast.olga), delivery_id=delivery.pk)
