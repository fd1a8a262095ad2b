"""Stripe: cards are verified by SetupIntents and charged by PaymentIntents, without the holder present.

The number goes from our server to Stripe and nowhere else: Stripe's own card field would have to be
loaded from its servers, which the portal's content policy does not allow. The account at Stripe needs
access to raw card data, and the installation falls under PCI DSS SAQ D (docs/mechanisms/payments.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import stripe
from django.conf import settings
from django.utils.translation import gettext as _

from .base import (
    Answer,
    BadSignature,
    CardDetails,
    Customer,
    Event,
    Order,
    Outcome,
    Unreachable,
    Verification,
)

#: Currencies whose amounts Stripe counts in whole units; all others in hundredths.
WHOLE_UNITS = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
        *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
#: What Stripe says about a charge or a verification, and what it means to us. Whatever else it says is
#: not decided.
_OUTCOMES = {
    "succeeded": Outcome.SUCCEEDED,
    "canceled": Outcome.FAILED,
    "requires_payment_method": Outcome.FAILED,
    "failed": Outcome.FAILED,
}
_EVENTS = ("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled")


class StripeGateway:
    """See the module."""

    name: ClassVar[str] = "stripe"

    @cached_property
    def _api(self) -> Any:
        bases = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {}
        client = stripe.StripeClient(settings.STRIPE_SECRET_KEY, base_addresses=bases)  # type: ignore[arg-type]
        return client.v1

    def register(
        self, customer: Customer, card: CardDetails, *, key: str, back: str
    ) -> Verification:
        """A payment method of the partner's Stripe customer, with its verification begun."""
        with _told_apart():
            owner = customer.reference or self._new_customer(customer)
        token = ""
        try:
            with _told_apart():
                token = self._new_method(card, key)
                intent = self._api.setup_intents.create(
                    {"customer": owner, "usage": "off_session", "payment_method_types": ["card"]},
                    {"idempotency_key": f"{key}-setup"},
                )
                intent = self._api.setup_intents.confirm(
                    intent.id,
                    {"payment_method": token, "return_url": back},
                    {"idempotency_key": f"{key}-confirm"},
                )
        except _Refused as refused:
            return Verification(Outcome.FAILED, owner, token, failure=str(refused))
        return self._described(intent, owner)

    def verification(self, reference: str) -> Verification:
        """As Stripe knows it now."""
        with _told_apart():
            intent = self._api.setup_intents.retrieve(reference)
            return self._described(intent, intent.customer)

    def change(self, token: str, card: CardDetails) -> Verification:
        """The validity period; Stripe keeps no code, the test charge that follows is the proof."""
        period = {"exp_month": card.month, "exp_year": card.year}
        try:
            with _told_apart():
                self._api.payment_methods.update(token, {"card": period})
        except _Refused as refused:
            return Verification(Outcome.FAILED, token=token, failure=str(refused))
        return Verification(Outcome.SUCCEEDED, token=token)

    def forget(self, token: str) -> None:
        """Detach it from the customer: it can never be charged again."""
        try:
            with _told_apart():
                self._api.payment_methods.detach(token)
        except _Refused:
            return  # it is detached already

    def charge(self, order: Order) -> Answer:
        """A PaymentIntent, confirmed at once; ours is found again by the key in its metadata."""
        wanted = {
            "amount": minor_units(order.amount, order.currency),
            "currency": order.currency.lower(),
            "customer": order.customer,
            "payment_method": order.token,
            "payment_method_types": ["card"],
            "confirm": True,
            "off_session": True,
            "metadata": {"key": order.key},
        }
        try:
            with _told_apart():
                intent = self._api.payment_intents.create(wanted, {"idempotency_key": order.key})
        except _Refused as refused:
            return Answer(Outcome.FAILED, refused.reference, str(refused))
        return self._decided(intent)

    def find(self, order: Order) -> Answer | None:
        """The PaymentIntent of this customer with our key."""
        with _told_apart():
            page = self._api.payment_intents.list({"customer": order.customer, "limit": 100})
            for intent in page.auto_paging_iter():
                if _key_of(intent) == order.key:
                    return self._decided(intent)
        return None

    def refund(self, order: Order, reference: str) -> Answer:
        """The whole PaymentIntent."""
        try:
            with _told_apart():
                refund = self._api.refunds.create(
                    {"payment_intent": reference}, {"idempotency_key": f"refund-{order.key}"}
                )
        except _Refused as refused:
            return Answer(Outcome.FAILED, reference, str(refused))
        return Answer(_OUTCOMES.get(refund.status, Outcome.PENDING), reference)

    def event(self, payload: bytes, headers: Mapping[str, str]) -> Event | None:
        """Ends of PaymentIntents that carry a key of ours."""
        try:
            event = stripe.Webhook.construct_event(
                payload, headers.get("Stripe-Signature", ""), settings.STRIPE_WEBHOOK_SECRET
            )
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise BadSignature from error
        intent = event.data.object
        if event.type not in _EVENTS or not (key := _key_of(intent)):
            return None
        return Event(key, _answer(intent))

    def _new_customer(self, customer: Customer) -> str:
        wanted = {"name": customer.name, "metadata": {"account": str(customer.account_id)}}
        options = {"idempotency_key": f"customer-{customer.account_id}"}
        return self._api.customers.create(wanted, options).id

    def _new_method(self, card: CardDetails, key: str) -> str:
        wanted = {
            "type": "card",
            "card": {
                "number": card.number,
                "exp_month": card.month,
                "exp_year": card.year,
                "cvc": card.code,
            },
            "billing_details": {"name": card.holder},
        }
        return self._api.payment_methods.create(wanted, {"idempotency_key": f"{key}-card"}).id

    def _described(self, intent: Any, customer: str) -> Verification:
        method = self._api.payment_methods.retrieve(intent.payment_method)
        error = getattr(intent, "last_setup_error", None)
        return Verification(
            _OUTCOMES.get(intent.status, Outcome.PENDING),
            customer=customer,
            token=method.id,
            brand=method.card.brand.capitalize(),
            last4=method.card.last4,
            reference=intent.id,
            challenge=_challenge(intent),
            failure=error.message if error else "",
        )

    def _decided(self, intent: Any) -> Answer:
        """The answer. Nobody is there to confirm a charge of a stored card: it is called off."""
        if intent.status != "requires_action":
            return _answer(intent)
        with _told_apart():
            self._api.payment_intents.cancel(intent.id)
        words = _("The issuer asks the holder to confirm this charge. Use another card.")
        return Answer(Outcome.FAILED, intent.id, words)


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount as Stripe counts it: cents, or whole units of currencies that have none."""
    return int(amount) if currency.upper() in WHOLE_UNITS else int(amount * 100)


class _Refused(Exception):
    """Stripe or the issuer said no: nothing was moved."""

    def __init__(self, words: str, reference: str = "") -> None:
        self.reference = reference
        super().__init__(words)


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell a clear no from not knowing. Stripe's words may be shown: they name no number of a card."""
    try:
        yield
    except stripe.CardError as error:
        reference = getattr(getattr(error.error, "payment_intent", None), "id", "")
        raise _Refused(error.user_message or _("The card was declined."), reference) from None
    except stripe.InvalidRequestError:
        raise _Refused(_("The payment company refused the request.")) from None
    except stripe.StripeError as error:
        raise Unreachable(type(error).__name__) from None


def _answer(intent: Any) -> Answer:
    error = getattr(intent, "last_payment_error", None)
    outcome = _OUTCOMES.get(intent.status, Outcome.PENDING)
    failure = (error.message or "") if error and outcome == Outcome.FAILED else ""
    return Answer(outcome, intent.id, failure)


def _key_of(intent: Any) -> str:
    metadata = getattr(intent, "metadata", None)
    return (metadata and metadata.to_dict().get("key")) or ""


def _challenge(intent: Any) -> str:
    """Where the issuer asks the holder."""
    action = getattr(intent, "next_action", None)
    redirect = getattr(action, "redirect_to_url", None)
    return getattr(redirect, "url", "") or ""
