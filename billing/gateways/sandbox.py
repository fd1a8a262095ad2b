"""The gateway of the demo and the tests: no money moves, what a card does stands in its last digits.

=====  =======================================================================================
ends   what it does
=====  =======================================================================================
0002   the issuer declines the card when it is added
3063   the issuer refuses the holder even when the holder confirms
0341   verified, but every charge but the test charge is declined
9995   verified, but holds 100.00 in any currency: charges above it are declined
other  verified once the holder confirms, and takes every charge
=====  =======================================================================================
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from ..models import SandboxDeal
from .base import (
    TEST_KEY,
    Answer,
    BadSignature,
    CardDetails,
    Customer,
    Event,
    Order,
    Outcome,
    Verification,
)

DECLINED, REFUSES_HOLDER, CHARGES_DECLINED, NEARLY_EMPTY = "0002", "3063", "0341", "9995"
#: What a card that is nearly empty still takes, in any currency.
LEFT = Decimal(100)
SIGNATURE = "X-Sandbox-Signature"
_BRANDS = {"4": "Visa", "5": "Mastercard", "2": "Mastercard", "3": "American Express"}


class SandboxGateway:
    """See the module."""

    name: ClassVar[str] = "sandbox"

    def register(
        self, customer: Customer, card: CardDetails, *, key: str, back: str
    ) -> Verification:
        """A token that ends like the card; the holder is asked on our own page, unless declined."""
        last4 = card.number[-4:]
        brand = _BRANDS.get(card.number[:1], "Card")
        token = f"sandbox-{secrets.token_hex(8)}-{last4}"
        outcome, failure = Outcome.PENDING, ""
        if last4 == DECLINED:
            outcome, failure = Outcome.FAILED, _("The issuer declined the card.")
        deal, _is_new = SandboxDeal.objects.get_or_create(
            key=key,
            defaults={
                "token": token,
                "reference": f"verification-{token}",
                "outcome": outcome,
                "failure": failure,
            },
        )
        return Verification(
            Outcome(deal.outcome),
            customer=f"sandbox-{customer.account_id}",
            token=deal.token,
            brand=brand,
            last4=last4,
            reference=deal.reference,
            failure=deal.failure,
        )

    def answer(self, reference: str, *, confirmed: bool) -> None:
        """What the holder answered on our page; the first answer stands."""
        waiting = SandboxDeal.objects.filter(reference=reference, outcome=Outcome.PENDING)
        if confirmed and not reference.endswith(REFUSES_HOLDER):
            waiting.update(outcome=Outcome.SUCCEEDED)
        else:
            failure = _("The issuer could not verify the identity of the holder.")
            waiting.update(outcome=Outcome.FAILED, failure=failure)

    def verification(self, reference: str) -> Verification:
        """As it was answered."""
        deal = SandboxDeal.objects.get(reference=reference)
        return Verification(
            Outcome(deal.outcome), token=deal.token, reference=reference, failure=deal.failure
        )

    def change(self, token: str, card: CardDetails) -> Verification:
        """Always accepted."""
        return Verification(Outcome.SUCCEEDED, token=token)

    def forget(self, token: str) -> None:
        """Nothing is kept of it."""

    def charge(self, order: Order) -> Answer:
        """As the card's last digits say, once for each key."""
        failure = _failure(order)
        deal, _is_new = SandboxDeal.objects.get_or_create(
            key=order.key,
            defaults={
                "token": order.token,
                "reference": f"charge-{secrets.token_hex(12)}",
                "amount": order.amount,
                "currency": order.currency,
                "outcome": Outcome.FAILED if failure else Outcome.SUCCEEDED,
                "failure": failure,
            },
        )
        return _answer(deal)

    def find(self, order: Order) -> Answer | None:
        """The deal of this key."""
        deal = SandboxDeal.objects.filter(key=order.key).first()
        return deal and _answer(deal)

    def refund(self, order: Order, reference: str) -> Answer:
        """Noted at the charge."""
        deals = SandboxDeal.objects.filter(reference=reference, outcome=Outcome.SUCCEEDED)
        if not deals.update(refunded=True):
            return Answer(Outcome.FAILED, reference, _("There is no such charge."))
        return Answer(Outcome.SUCCEEDED, reference)

    def event(self, payload: bytes, headers: Mapping[str, str]) -> Event | None:
        """JSON with the key of a charge, signed by :func:`sign`; the deal says the rest."""
        if not hmac.compare_digest(sign(payload), headers.get(SIGNATURE, "")):
            raise BadSignature
        deal = SandboxDeal.objects.filter(key=json.loads(payload).get("key", "")).first()
        return Event(deal.key, _answer(deal)) if deal else None


def sign(payload: bytes) -> str:
    """What a message of the sandbox carries in the header ``X-Sandbox-Signature``."""
    secret = f"sandbox gateway {settings.SECRET_KEY}".encode()
    return hmac.new(secret, payload, hashlib.sha256).hexdigest()


def _failure(order: Order) -> str:
    """Why the card does not pay; empty when it does."""
    last4 = order.token[-4:]
    if last4 == CHARGES_DECLINED and not order.key.startswith(TEST_KEY):
        return _("The issuer declined the charge.")
    if last4 == NEARLY_EMPTY and order.amount > LEFT:
        return _("Insufficient funds.")
    return ""


def _answer(deal: SandboxDeal) -> Answer:
    return Answer(Outcome(deal.outcome), deal.reference, deal.failure)
