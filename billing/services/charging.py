"""Charging cards by itself: when a bill is issued, and when the quota is used up (05-PMT-08, PMT-11).

What is to be charged next follows from the books alone: what is left to pay, in the order of the cards,
without those that have failed for the same thing and are not to be asked again yet, each transaction
within its limit (TXL-03). So the job may be killed and repeated, and two of them do not get in each
other's way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet

from accounts.queries.actors import operator_job
from budgets.queries import consumption

from ..choices import CardState, PaymentPurpose, PaymentState
from ..models import Bill, BillAccount, Card, Payment
from ..queries import funds as queries
from ..refusals import CardNotUsable, DuesChanged, PaymentGoesOn
from ..rules import payments as rules
from ..rules.payments import CENT
from . import fund_messages, paying

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """Something that cards are charged for; ``left`` asks in USD what is still to be charged."""

    account_id: int
    series: str
    purpose: PaymentPurpose
    left: Callable[[], Decimal]
    bill: Bill | None = None
    #: Only cards that were there then: later ones were not added for it.
    before: datetime | None = None


def charge_due(moment: datetime) -> int:
    """Charge whatever is to be charged now; how many transactions. Safe to repeat and to run twice."""
    return sum(_try(claim, moment) for claim in [*_of_bills(), *_of_quotas()])


def _try(claim: Claim, moment: datetime) -> int:
    """What goes wrong with one partner does not keep the others waiting; the next run tries again."""
    try:
        return _collect(claim, moment)
    except Exception:
        logger.exception("Charging for %s failed", claim.series)
        return 0


def _of_bills() -> Iterator[Claim]:
    """Open bills of partners with a valid card that was there when the bill was issued."""
    cards = Card.objects.filter(
        account_id=OuterRef("account_id"),
        state=CardState.VALID,
        added_at__lte=OuterRef("bill__issued_at"),
    )
    rows = BillAccount.objects.filter(Exists(cards), state__in=queries.OPEN)
    for state in rows.filter(paid__lt=F("amount_due")).select_related("bill").order_by("bill_id"):
        yield Claim(
            state.account_id,
            f"bill-{state.bill_id}",
            PaymentPurpose.AUTOMATIC,
            _left_of(state.bill_id),
            bill=state.bill,
            before=state.bill.issued_at,
        )


def _of_quotas() -> Iterator[Claim]:
    """Partners that have used up their quota: all that is used, as balance for the bill to come."""
    for account_id, crossing in consumption.used_up():
        yield Claim(
            account_id, f"quota-{account_id}-{crossing}", PaymentPurpose.QUOTA, _used_of(account_id)
        )


def _left_of(bill_id: int) -> Callable[[], Decimal]:
    return lambda: BillAccount.objects.get(pk=bill_id).left


def _used_of(account_id: int) -> Callable[[], Decimal]:
    return lambda: consumption.quota_of(account_id).used.quantize(CENT, rounding=ROUND_UP)


def _collect(claim: Claim, moment: datetime) -> int:
    """Charge one transaction after the other, until nothing is left or no card takes it."""
    done = 0
    while queries.may_charge(claim.account_id):
        # Before the amount: what another worker settles in between is noticed (DuesChanged).
        seen = queries.dues_of(claim.account_id, moment).seen
        if (left := claim.left()) <= 0:
            break
        resting = _resting(claim)
        card = _next_card(claim, resting, moment)
        if card is None:
            _tell_failure(claim, resting)
            break
        try:
            payment = _charge(claim, card, left, seen, moment)
        except (PaymentGoesOn, DuesChanged, CardNotUsable):
            break  # the next run goes on from what the books say then
        if payment is None or payment.state == PaymentState.PENDING:
            break
        done += 1
    return done


def _charge(claim: Claim, card: Card, left: Decimal, seen: str, moment: datetime) -> Payment | None:
    limits = queries.limits_of(claim.account_id, moment)
    amount = min(left, limits.high)
    if amount < limits.low:
        return None
    turn = Payment.objects.filter(series=claim.series).count()
    wish = paying.Wish(
        f"{claim.series}-{turn}", claim.purpose, card, amount, claim.series, claim.bill
    )
    payment = paying.begin(operator_job(paying.JOB), wish, moment, seen=seen)
    return paying.execute(payment.pk, moment)


def _resting(claim: Claim) -> dict[int, datetime | None]:
    """Cards that have failed for this: when each is asked again, None for no more."""
    failed = Payment.objects.filter(series=claim.series, state=PaymentState.FAILED)
    rows = failed.values_list("card").annotate(Count("pk"), Max("created_at"))
    return {card: rules.asks_again_at(times, last) for card, times, last in rows}


def _cards_of(claim: Claim) -> QuerySet[Card]:
    cards = queries.usable_cards(claim.account_id)
    return cards if claim.before is None else cards.filter(added_at__lte=claim.before)


def _next_card(
    claim: Claim, resting: Mapping[int, datetime | None], moment: datetime
) -> Card | None:
    """The default card, then the others in sequence, without those whose time has not come."""
    waits = [card for card, again in resting.items() if again is None or again > moment]
    return _cards_of(claim).exclude(pk__in=waits).first()


def _tell_failure(claim: Claim, resting: Mapping[int, datetime | None]) -> None:
    """No card takes it now: the partner is told when it fails, and when it is tried no more."""
    last = Payment.objects.filter(series=claim.series, state=PaymentState.FAILED).last()
    if last is None:
        return
    times = [resting[card.pk] for card in _cards_of(claim) if card.pk in resting]
    again = min((time for time in times if time is not None), default=None)
    with transaction.atomic(durable=True):
        fund_messages.tell_charge_failed(last, claim.left(), again)
