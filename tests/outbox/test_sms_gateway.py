"""SMS go to the provider over HTTP; the demo only shows them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings

import outbox.services
from outbox import sending
from outbox.choices import DeliveryState
from outbox.models import Delivery


class _Provider(HTTPServer):
    answer = 202

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[dict[str, str], dict[str, str]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def provider(settings: Settings) -> Iterator[_Provider]:
    server = _Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY = "outbox.gateways.HttpSmsGateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.SMS_GATEWAY_TOKEN = "provider-token"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sms(db: None) -> Delivery:
    context = {"code": "123456", "minutes": 10}
    return outbox.services.queue_sms("verification_code", "+639175552291", context)


def test_provider_gets_number_text_and_reference(provider: _Provider, sms: Delivery) -> None:
    sending.send_due()
    [(headers, body)] = provider.requests
    assert body["to"] == "+639175552291"
    assert "123456" in body["text"]
    assert body["reference"] == headers["Idempotency-Key"] == str(sms.uid)
    assert headers["Authorization"] == "Bearer provider-token"
    sms.refresh_from_db()
    assert sms.state == DeliveryState.SENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (400, DeliveryState.FAILED),
        (401, DeliveryState.QUEUED),
        (429, DeliveryState.QUEUED),
        (503, DeliveryState.QUEUED),
    ],
)
def test_answer_decides_whether_to_try_again(
    provider: _Provider, sms: Delivery, answer: int, state: DeliveryState
) -> None:
    provider.answer = answer
    sending.send_due()
    sms.refresh_from_db()
    assert sms.state == state
    assert str(answer) in sms.last_error


def test_gateway_without_address_loses_nothing(settings: Settings, sms: Delivery) -> None:
    settings.SMS_GATEWAY = "outbox.gateways.HttpSmsGateway"
    settings.SMS_GATEWAY_URL = "file:///etc/passwd"
    sending.send_due()
    sms.refresh_from_db()
    assert sms.state == DeliveryState.QUEUED


def test_demo_only_marks_it_sent(sms: Delivery) -> None:
    sending.send_due()
    sms.refresh_from_db()
    assert sms.state == DeliveryState.SENT
    assert "123456" in sms.body
