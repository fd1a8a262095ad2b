"""Giving charges back: test charges of cards within a week, and what the operator refunds.

Out of the books first, then out of the gateway: the balance cannot be spent twice. A refund that the
gateway has not confirmed is asked for again with the same key until it has.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

import audit.services
from accounts.queries.actors import operator_job
from partner_center import clock
from partner_center.actors import Actor
from partner_center.money import words
from partner_center.refusals import NotFound

from .. import gateways
from ..choices import EntryType, PaymentPurpose, PaymentState
from ..gateways.base import Answer, Outcome, Unreachable
from ..models import PartnerAccount, Payment
from ..permissions import OPERATE_FUNDS
from ..refusals import BalanceTooSmall, NotRefundable
from . import cards, funds, paying

logger = logging.getLogger(__name__)


def refund(actor: Actor, payment_id: int, *, reason: str) -> Payment:
    """Give a payment back to its card, whole, out of the partner's balance (operator).

    Raises NotPermitted, NotFound, NotRefundable, BalanceTooSmall.
    """
    actor.require(OPERATE_FUNDS)
    moment = clock.now()
    payment = _take_out(actor, payment_id, reason, moment)
    return _give_back(payment, moment)


def return_tests(moment: datetime) -> int:
    """Give back the test charges of cards that have stood for a day (05-PMT-05). Safe to repeat."""
    rows = Payment.objects.filter(
        purpose=PaymentPurpose.VERIFICATION,
        state=PaymentState.SUCCEEDED,
        settled_at__lt=moment - cards.TEST_STANDS,
    )
    for payment in rows:
        with transaction.atomic(durable=True):
            locked = Payment.objects.filter(pk=payment.pk, state=PaymentState.SUCCEEDED)
            locked.update(state=PaymentState.REFUNDING)
    return finish(moment)


def finish(moment: datetime) -> int:
    """Ask the gateway for every refund that it has not confirmed; how many it has now."""
    rows = Payment.objects.filter(state=PaymentState.REFUNDING).select_related("card")
    return sum(
        _give_back(payment, moment).state == PaymentState.REFUNDED
        for payment in rows.order_by("pk")
    )


@transaction.atomic(durable=True)
def _take_out(actor: Actor, payment_id: int, reason: str, moment: datetime) -> Payment:
    """Book the refund, as far as the balance holds it."""
    found = Payment.objects.filter(pk=payment_id).first()
    if found is None:
        raise NotFound
    account = funds.lock(found.account_id)
    payment = (
        Payment.objects.select_for_update(of=("self",)).select_related("card").get(pk=found.pk)
    )
    if payment.state != PaymentState.SUCCEEDED:
        raise NotRefundable
    if payment.purpose != PaymentPurpose.VERIFICATION:
        if account.balance < payment.amount:
            raise BalanceTooSmall(words(account.balance))
        funds.book(
            account,
            EntryType.REFUND,
            -payment.amount,
            moment,
            payment=payment,
            remarks=reason[:256],
        )
        funds.note_quota(account, moment)
    payment.state, payment.user_id = PaymentState.REFUNDING, actor.user_id
    payment.save(update_fields=["state", "user"])
    after = {"amount": str(payment.amount), "reason": reason}
    audit.services.record(
        actor, "billing.payment.refund_begun", payment, after=after, account_id=payment.account_id
    )
    return payment


def _give_back(payment: Payment, moment: datetime) -> Payment:
    try:
        answer = gateways.chosen().refund(paying.order_of(payment), payment.reference)
    except Unreachable as error:
        logger.warning("The refund of %s waits: %s", payment.key, error)
        return payment
    return payment if answer.outcome == Outcome.PENDING else _settle(payment.pk, answer, moment)


@transaction.atomic(durable=True)
def _settle(payment_id: int, answer: Answer, moment: datetime) -> Payment:
    """Refunded; or refused, and the money is the partner's balance again."""
    account = funds.lock(Payment.objects.get(pk=payment_id).account_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state != PaymentState.REFUNDING:
        return payment
    if answer.outcome == Outcome.SUCCEEDED:
        payment.state, payment.refunded_at = PaymentState.REFUNDED, moment
    else:
        payment.state, payment.failure = PaymentState.SUCCEEDED, answer.failure[:255]
        _put_back(account, payment, moment)
    payment.save(update_fields=["state", "refunded_at", "failure"])
    audit.services.record(
        operator_job(paying.JOB),
        "billing.payment.refund_ended",
        payment,
        after={"state": payment.state, "failure": payment.failure},
        account_id=payment.account_id,
    )
    return payment


def _put_back(account: PartnerAccount, payment: Payment, moment: datetime) -> None:
    if payment.purpose == PaymentPurpose.VERIFICATION:
        return
    funds.book(
        account,
        EntryType.REFUND,
        payment.amount,
        moment,
        payment=payment,
        remarks="The payment company refused the refund.",
    )
    funds.pay_bills(account, moment)
