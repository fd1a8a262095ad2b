"""Charging a card: a payment is begun, charged at the gateway, and settled; each step may be repeated.

The gateway is called between transactions. Killed before it is called, the payment never happened;
killed after it, the payment waits as pending until the gateway says what became of its key
(:func:`resolve_pending`, or a webhook). Nothing is charged twice: a key is charged once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

import audit.services
from accounts.queries.actors import operator_job
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .. import gateways
from ..choices import CardState, EntryType, PaymentPurpose, PaymentState
from ..gateways.base import Answer, Order, Outcome, Unreachable
from ..models import Bill, Card, Payment
from ..queries import funds as queries
from ..queries import reach
from ..refusals import CardNotUsable, DuesChanged, OutsideLimits, PaymentGoesOn
from ..rules.bills import in_currency
from . import card_states, funds

logger = logging.getLogger(__name__)

#: After this long no call to the gateway is on its way any more: what it does not know never came.
IN_FLIGHT = timedelta(minutes=10)
#: A card that nobody went on verifying.
ABANDONED = timedelta(hours=1)
NEVER_SENT = "The charge never reached the payment company."
JOB = "card payments"


@dataclass(frozen=True)
class Wish:
    """A payment as it is wanted. ``amount`` in USD; ``series``: what the automatic charge is for."""

    key: str
    purpose: PaymentPurpose
    card: Card
    amount: Decimal
    series: str = ""
    bill: Bill | None = None


def repay(actor: Actor, *, key: str, card_id: int, amount: Decimal, seen: str) -> Payment:
    """Pay from a card: tops up the account and pays its bills, the oldest first (05-REP-04, REP-14).

    A customer has no bills: what it pays stays as its balance (08-CST-01, CST-03).

    ``key`` makes a double click one payment: repeated, it answers with the first. ``seen`` is the
    fingerprint of what was due on the page. Raises NotFound, OutsideLimits, CardNotUsable, DuesChanged,
    PaymentGoesOn, OnlineNotOffered, GatewayNotReady, PartnerSettles.
    """
    reach.require_payer(actor)
    queries.refuse_cards(actor.account_id, actor.partner_kind)
    if (known := queries.get_payment(actor, key)) is not None:
        return known
    moment = clock.now()
    refuse_outside(actor.account_id, amount, moment)
    card = queries.get_card(actor, card_id)
    wish = Wish(key, PaymentPurpose.REPAYMENT, card, amount)
    payment = begin(actor, wish, moment, seen=seen)
    return execute(payment.pk, moment)


def refuse_outside(account_id: int, amount: Decimal, moment: datetime) -> None:
    """Raise OutsideLimits for a single transaction of this many USD (05-TXL-01, TXL-02)."""
    limits = queries.limits_of(account_id, moment)
    if not limits.low <= amount <= limits.high:
        raise OutsideLimits(*limits.words)


@transaction.atomic(durable=True)
def begin(actor: Actor, wish: Wish, moment: datetime, *, seen: str = "") -> Payment:
    """Enter a payment as pending, before the gateway hears of it; the one of the key if it is there.

    Raises CardNotUsable, DuesChanged, PaymentGoesOn: one payment of an account at a time.
    """
    account_id = wish.card.account_id
    funds.lock(account_id)
    if (known := Payment.objects.filter(account_id=account_id, key=wish.key).first()) is not None:
        return known
    card = Card.objects.get(pk=wish.card.pk)
    if card.state != CardState.VALID and wish.purpose != PaymentPurpose.VERIFICATION:
        raise CardNotUsable
    if wish.purpose != PaymentPurpose.VERIFICATION and queries.pending_payment(account_id):
        raise PaymentGoesOn
    if seen and seen != queries.dues_of(account_id, moment).seen:
        raise DuesChanged
    limits = queries.limits_of(account_id, moment)
    payment = Payment.objects.create(
        account_id=account_id,
        key=wish.key,
        purpose=wish.purpose,
        card=card,
        bill=wish.bill,
        series=wish.series,
        amount=wish.amount,
        currency=limits.currency,
        rate=limits.rate,
        currency_amount=in_currency(wish.amount, limits.rate, limits.currency),
        created_at=moment,
        user_id=actor.user_id,
    )
    after = {"amount": str(payment.amount), "card": str(card), "purpose": payment.purpose}
    audit.services.record(
        actor, "billing.payment.begun", payment, after=after, account_id=account_id
    )
    return payment


def execute(payment_id: int, moment: datetime) -> Payment:
    """Charge a pending payment and settle it; it stays pending when the gateway cannot be reached."""
    payment = Payment.objects.select_related("card").get(pk=payment_id)
    if payment.state != PaymentState.PENDING:
        return payment
    try:
        answer = gateways.chosen().charge(order_of(payment))
    except Unreachable as error:
        logger.warning("Payment %s waits: the gateway did not answer (%s)", payment.key, error)
        return payment
    return settle(payment.key, answer, moment)


@transaction.atomic(durable=True)
def settle(key: str, answer: Answer, moment: datetime) -> Payment:
    """Write what became of a payment, with all that follows from it, once. Raises NotFound.

    A charge that succeeded books Top-up and pays bills in the same second (05-REP-05).
    """
    found = Payment.objects.filter(key=key).first()
    if found is None:
        raise NotFound
    account = funds.lock(found.account_id)
    payment = (
        Payment.objects.select_for_update(of=("self",)).select_related("card").get(pk=found.pk)
    )
    if payment.state != PaymentState.PENDING or answer.outcome == Outcome.PENDING:
        return payment
    succeeded = answer.outcome == Outcome.SUCCEEDED
    payment.state = PaymentState.SUCCEEDED if succeeded else PaymentState.FAILED
    payment.reference = answer.reference or payment.reference
    payment.failure, payment.settled_at = answer.failure[:255], moment
    payment.save(update_fields=["state", "reference", "failure", "settled_at"])
    _record_end(payment)
    if payment.purpose == PaymentPurpose.VERIFICATION:
        _conclude_test(payment, succeeded, moment)
    elif succeeded:
        funds.book(
            account,
            EntryType.TOP_UP,
            payment.amount,
            moment,
            payment=payment,
            remarks=str(payment.card),
        )
        funds.pay_bills(account, moment)
    return payment


def resolve_pending(moment: datetime) -> int:
    """Ask the gateway what became of payments that wait; how many are decided now. Safe to repeat."""
    waiting = Payment.objects.filter(
        state=PaymentState.PENDING, created_at__lt=moment - IN_FLIGHT
    ).select_related("card")
    decided = 0
    for payment in waiting.order_by("pk"):
        try:
            answer = gateways.chosen().find(order_of(payment))
        except Unreachable as error:
            logger.warning("Payment %s still waits (%s)", payment.key, error)
            continue
        answer = answer or Answer(Outcome.FAILED, failure=NEVER_SENT)
        decided += settle(payment.key, answer, moment).state != PaymentState.PENDING
    return decided


def take_event(payload: bytes, headers: Mapping[str, str], moment: datetime) -> Payment | None:
    """Settle what the gateway tells by itself; None for what concerns no payment of ours.

    Raises BadSignature. Safe to repeat.
    """
    event = gateways.chosen().event(payload, headers)
    if event is None or not Payment.objects.filter(key=event.key).exists():
        return None
    return settle(event.key, event.answer, moment)


def order_of(payment: Payment) -> Order:
    """What the gateway is told."""
    customer = queries.account_of(payment.account_id).gateway_customer
    token = payment.card.token if payment.card else ""
    return Order(payment.key, customer, token, payment.currency_amount, payment.currency)


def _conclude_test(payment: Payment, succeeded: bool, moment: datetime) -> None:
    """The test charge of a card decides whether the card is valid (05-PMT-05)."""
    card = Card.objects.get(pk=payment.card_id)
    if card.state != CardState.VERIFYING:
        return
    if succeeded:
        card_states.validate(card, funds.lock(card.account_id), moment)
    else:
        card_states.fail(card, payment.failure)


def _record_end(payment: Payment) -> None:
    audit.services.record(
        operator_job(JOB),
        f"billing.payment.{payment.state}",
        payment,
        after={"amount": str(payment.amount), "failure": payment.failure},
        account_id=payment.account_id,
    )
