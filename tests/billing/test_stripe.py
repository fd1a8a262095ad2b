"""The Stripe gateway against a local Stripe: verification, charges, refunds, webhooks, the unknown."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from billing.gateways.base import (
    Answer,
    BadSignature,
    CardDetails,
    Customer,
    Event,
    Order,
    Outcome,
    Unreachable,
)
from billing.gateways.stripe_gateway import StripeGateway, minor_units

BACK = "https://portal.example/verify"
#: Numbers that Stripe has for tests.
GOOD, DECLINED, ASKS, CHARGE_FAILS = (
    "4242424242424242",
    "4000000000000002",
    "4000002500003155",
    "4000000000000341",
)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def local_stripe() -> Iterator[str]:
    """Its address."""
    port = _free_port()
    script = Path(__file__).with_name("local_stripe.py")
    process = subprocess.Popen([sys.executable, str(script), str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(f"{address}/v1/balance")
        except urllib.error.HTTPError:
            return  # it answers: 401 without a key
        except OSError:
            assert time.monotonic() < until, "localstripe did not start"
            time.sleep(0.05)


@pytest.fixture
def gateway(local_stripe: str, settings) -> StripeGateway:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_12345", local_stripe
    settings.STRIPE_WEBHOOK_SECRET = "whsec_secret"
    return StripeGateway()


def card(number: str = GOOD) -> CardDetails:
    return CardDetails("Mara Reyes", 12, 2040, number, "123")


def register(gateway: StripeGateway, number: str, key: str):
    return gateway.register(Customer(7, "Tidemark"), card(number), key=key, back=BACK)


@pytest.mark.requirement("05-PMT-05", "05-PMT-07", "05-PMT-12", "05-PMT-14")
def test_cards(gateway: StripeGateway) -> None:
    good = register(gateway, GOOD, "g")
    assert (good.outcome, good.brand, good.last4) == (Outcome.SUCCEEDED, "Visa", "4242")
    assert good.customer.startswith("cus_") and good.token.startswith("pm_") and not good.challenge
    assert register(gateway, GOOD, "g").token == good.token, "the same key, the same card"
    assert gateway.change(good.token, card("")).outcome == Outcome.SUCCEEDED
    declined = register(gateway, DECLINED, "d")
    assert (declined.outcome, declined.failure) == (Outcome.FAILED, "Your card was declined.")
    asks = register(gateway, ASKS, "a")
    assert asks.outcome == Outcome.PENDING and asks.challenge.startswith("https://issuer.example/")
    assert gateway.verification(asks.reference).outcome == Outcome.PENDING
    # The holder confirms at the issuer: a second confirmation is localstripe's word for that.
    gateway._api.setup_intents.confirm(asks.reference)
    confirmed = gateway.verification(asks.reference)
    assert (confirmed.outcome, confirmed.last4) == (Outcome.SUCCEEDED, "3155")
    gateway.forget(good.token)


@pytest.mark.requirement("05-REP-04", "05-PMT-08", "05-TXL-02")
def test_charges_and_refunds(gateway: StripeGateway) -> None:
    good = register(gateway, GOOD, "charged")
    order = Order("pay-1", good.customer, good.token, Decimal("120.50"), "USD")
    assert gateway.find(order) is None
    paid = gateway.charge(order)
    assert paid.outcome == Outcome.SUCCEEDED and paid.reference.startswith("pi_")
    assert gateway.charge(order) == gateway.find(order) == paid, "charged once"
    intent = gateway._api.payment_intents.retrieve(paid.reference)
    assert (intent.amount, intent.currency) == (12050, "usd")
    for _twice in range(2):
        assert gateway.refund(order, paid.reference).outcome == Outcome.SUCCEEDED
    refunds = gateway._api.refunds.list({"payment_intent": paid.reference})
    assert [refund.amount for refund in refunds] == [12050], "given back once"
    poor = register(gateway, CHARGE_FAILS, "poor")
    failed = gateway.charge(Order("pay-2", poor.customer, poor.token, Decimal(5), "USD"))
    assert failed.outcome == Outcome.FAILED and failed.failure
    asks = register(gateway, ASKS, "asks")
    absent = gateway.charge(Order("pay-3", asks.customer, asks.token, Decimal(5), "USD"))
    assert absent.outcome == Outcome.FAILED and "Use another card" in absent.failure
    assert gateway._api.payment_intents.retrieve(absent.reference).status == "canceled"
    unknown = Order("pay-4", good.customer, good.token, Decimal(5), "USD")
    assert gateway.refund(unknown, "pi_unknown").outcome == Outcome.FAILED
    assert (minor_units(Decimal("1.23"), "EUR"), minor_units(Decimal(950), "CLP")) == (123, 950)


@pytest.mark.requirement("05-REP-05")
def test_what_is_not_known_is_not_refused(gateway: StripeGateway, settings) -> None:
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{_free_port()}"
    away = StripeGateway()
    order = Order("pay-9", "cus_1", "pm_1", Decimal(5), "USD")
    for ask in (away.charge, away.find):
        with pytest.raises(Unreachable):
            ask(order)
    with pytest.raises(Unreachable) as found:
        register(away, GOOD, "away")
    assert GOOD not in f"{found.value} {found.value.__cause__}"
    assert logging.getLogger("stripe").level == logging.WARNING, "at DEBUG it writes what it sends"
    assert GOOD not in repr(card()) and "123" not in repr(card())


@pytest.mark.requirement("05-REP-05")
def test_webhooks(gateway: StripeGateway) -> None:
    def event(kind: str, metadata: dict[str, str], **intent: object) -> bytes:
        body = {"id": "pi_1", "object": "payment_intent", "metadata": metadata, **intent}
        return json.dumps(
            {"id": "evt_1", "object": "event", "type": kind, "data": {"object": body}}
        ).encode()

    def signed(payload: bytes, secret: str = "whsec_secret") -> dict[str, str]:
        now = int(time.time())
        mac = hmac.new(secret.encode(), f"{now}.".encode() + payload, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={now},v1={mac}"}

    paid = event("payment_intent.succeeded", {"key": "pay-1"}, status="succeeded")
    assert gateway.event(paid, signed(paid)) == Event("pay-1", Answer(Outcome.SUCCEEDED, "pi_1"))
    error = {"message": "No money."}
    failed = event(
        "payment_intent.payment_failed",
        {"key": "pay-2"},
        status="requires_payment_method",
        last_payment_error=error,
    )
    assert gateway.event(failed, signed(failed)) == Event(
        "pay-2", Answer(Outcome.FAILED, "pi_1", "No money.")
    )
    foreign = event("payment_intent.succeeded", {}, status="succeeded")
    assert gateway.event(foreign, signed(foreign)) is None
    other = event("charge.refunded", {"key": "pay-1"})
    assert gateway.event(other, signed(other)) is None
    for headers in ({}, signed(paid, "another"), signed(b"{}")):
        with pytest.raises(BadSignature):
            gateway.event(paid, headers)
