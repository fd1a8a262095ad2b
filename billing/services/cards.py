"""Cards of a partner, or of a customer that tops up: add with verification, set as default, change the
period, delete (05 §8.4.1.7; 08-CST-01).

The number and the code of a card pass through to the gateway; nothing of them is stored (PMT-14).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

import audit.services
from accounts.queries import information
from partner_center import clock
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from .. import gateways
from ..choices import CardState, PaymentPurpose, PaymentState
from ..gateways.base import TEST_KEY, CardDetails, Customer, Outcome, Unreachable, Verification
from ..gateways.sandbox import SandboxGateway
from ..models import Card, Payment
from ..queries import funds as queries
from ..queries import reach
from ..refusals import (
    AgreementChanged,
    CardInUse,
    CardIsThere,
    CardNotUsable,
    DefaultCard,
    GatewaySilent,
    NoCurrency,
)
from ..rules import cards as rules
from . import card_states, funds, paying

logger = logging.getLogger(__name__)

#: Charged to prove a card and given back within a week, in the least unit that any card takes (PMT-05).
TEST_CHARGE = Decimal("1.00")
#: How long a test charge stands before it is given back.
TEST_STANDS = timedelta(days=1)


@dataclass(frozen=True)
class NewCard:
    """What the form says beside the card itself; the ID of the holder in Chile only."""

    agreed_version: str
    id_kind: str = ""
    id_number: str = ""


def add(actor: Actor, details: CardDetails, new: NewCard, moment: datetime | None = None) -> Card:
    """Add a card and begin its verification (05-PMT-02 to PMT-07); it may come back failed.

    ``moment``: when, None: now. Raises NoCurrency, AgreementChanged, OnlineNotOffered, GatewayNotReady;
    CardIsThere.
    """
    reach.require_payer(actor)
    queries.refuse_cards(actor.account_id, actor.partner_kind)
    if not queries.has_currency(actor.account_id):
        raise NoCurrency
    moment = moment or clock.now()
    if new.agreed_version != queries.agreement(moment).version:
        raise AgreementChanged
    card = _enter(actor, details, new, moment)
    try:
        answer = gateways.chosen().register(
            _customer(actor), details, key=f"card-{card.pk}", back=_return_address(card)
        )
    except Unreachable as error:
        logger.warning("Card %s was not registered: %s", card.pk, error)
        answer = Verification(Outcome.FAILED, failure=_("The payment company did not answer."))
    return _take(card.pk, answer, moment)


def go_on(actor: Actor, card_id: int, moment: datetime | None = None) -> Card:
    """Ask the gateway what the issuer says of the holder, and make the test charge if it agrees.

    Called when the holder comes back from the issuer; safe to repeat. Raises NotFound, GatewaySilent.
    """
    card = queries.get_card(actor, card_id)
    if card.state != CardState.VERIFYING or not card.verification:
        return card
    return _take(card.pk, _asked(card), moment or clock.now())


def challenge_of(actor: Actor, card_id: int) -> str:
    """Where the issuer asks the holder of a card; empty when our own page does, as in the sandbox."""
    return _asked(queries.get_card(actor, card_id)).challenge


def is_sandbox() -> bool:
    """Whether our own page asks the holder in place of an issuer."""
    return isinstance(gateways.chosen(), SandboxGateway)


def answer_sandbox(actor: Actor, card_id: int, *, confirmed: bool) -> None:
    """The holder's answer on the sandbox's own page. Raises NotFound, also with another gateway."""
    card = queries.get_card(actor, card_id)
    gateway = gateways.chosen()
    if not isinstance(gateway, SandboxGateway) or card.state != CardState.VERIFYING:
        raise NotFound
    gateway.answer(card.verification, confirmed=confirmed)


@transaction.atomic(durable=True)
def set_default(actor: Actor, card_id: int) -> Card:
    """Charge this card first from now on (05-PMT-11). Raises NotFound, CardNotUsable."""
    card = _locked(actor, card_id)
    if card.state != CardState.VALID:
        raise CardNotUsable
    Card.objects.filter(account_id=card.account_id, is_default=True).update(is_default=False)
    card.is_default = True
    card.save(update_fields=["is_default"])
    audit.services.record(actor, "billing.card.set_default", card, after={"card": str(card)})
    return card


def change(actor: Actor, card_id: int, details: CardDetails) -> Card:
    """Change validity period and code; another period is proved by a new test charge (05-PMT-12).

    ``details`` names no number and no holder. Raises NotFound, CardNotUsable, CardInUse.
    """
    actor.require(reach.payer_permission(actor))
    card = queries.get_card(actor, card_id)
    if card.state not in (CardState.VALID, CardState.EXPIRED):
        raise CardNotUsable
    try:
        answer = gateways.chosen().change(card.token, details)
    except Unreachable as error:
        raise GatewaySilent from error
    moment = clock.now()
    with transaction.atomic(durable=True):
        card = _locked(actor, card_id)
        before = _period(card)
        renewed = before != (details.month, details.year) or card.state == CardState.EXPIRED
        if answer.outcome != Outcome.SUCCEEDED:
            card_states.fail(card, answer.failure)
        elif renewed:
            card.expires_month, card.expires_year = details.month, details.year
            card.state = CardState.VERIFYING
            card.save(update_fields=["expires_month", "expires_year", "state"])
        after = f"{details.month:02d}/{details.year}"
        record = {"card": str(card), "expires": after}
        audit.services.record(actor, "billing.card.changed", card, after=record)
    return _test(actor, card, moment) if card.state == CardState.VERIFYING else card


def delete(actor: Actor, card_id: int) -> None:
    """Delete a card that is not the default one (05-PMT-13). Raises NotFound, DefaultCard, CardInUse."""
    with transaction.atomic(durable=True):
        card = _locked(actor, card_id)
        if card.is_default:
            raise DefaultCard
        card.state, card.deleted_at = CardState.DELETED, clock.now()
        card.save(update_fields=["state", "deleted_at"])
        audit.services.record(actor, "billing.card.deleted", card, before={"card": str(card)})
    if not card.token:
        return
    try:
        gateways.chosen().forget(card.token)
    except Unreachable as error:
        # Nobody charges it here any more; at the gateway it stays until it is removed there.
        logger.warning("Card %s is deleted here, not at the gateway: %s", card.pk, error)


def expire_due(moment: datetime) -> int:
    """Cards whose month is over are charged no more (daily); how many. Safe to repeat."""
    day, done = clock.business_date(moment), 0
    for card in Card.objects.filter(state=CardState.VALID, expires_year__lte=day.year):
        if rules.is_over(card.expires_month, card.expires_year, day):
            with transaction.atomic(durable=True):
                funds.lock(card.account_id)
                fresh = Card.objects.get(pk=card.pk)
                if fresh.state == CardState.VALID and _period(fresh) == _period(card):
                    card_states.expire(fresh)
                    done += 1
    return done


def end_abandoned(moment: datetime) -> int:
    """Cards that nobody went on verifying: as the gateway knows them, else failed. Safe to repeat."""
    waiting = Card.objects.filter(
        state=CardState.VERIFYING, added_at__lt=moment - paying.ABANDONED
    ).exclude(payments__state=PaymentState.PENDING)
    done = 0
    for card in waiting:
        answer = Verification(Outcome.PENDING)
        try:
            if card.verification:
                answer = gateways.chosen().verification(card.verification)
        except Unreachable as error:
            logger.warning("Card %s still waits: %s", card.pk, error)
            continue
        if answer.outcome == Outcome.PENDING:
            words = _("The identity verification was not completed.")
            answer = Verification(Outcome.FAILED, token=card.token, failure=words)
        done += _take(card.pk, answer, moment).state != CardState.VERIFYING
    return done


# --- Steps ---------------------------------------------------------------------------------------


def _asked(card: Card) -> Verification:
    """What the gateway knows of a card that is being verified. Raises GatewaySilent."""
    try:
        return gateways.chosen().verification(card.verification)
    except Unreachable as error:
        raise GatewaySilent from error


@transaction.atomic(durable=True)
def _enter(actor: Actor, details: CardDetails, new: NewCard, moment: datetime) -> Card:
    """The card before the gateway hears of it: it stands in View History whatever happens."""
    funds.lock(actor.account_id)
    same = Card.objects.filter(
        account_id=actor.account_id,
        last4=details.number[-4:],
        expires_month=details.month,
        expires_year=details.year,
        state__in=[CardState.VALID, CardState.EXPIRED],
    )
    if same.exists():
        raise CardIsThere
    card = Card.objects.create(
        account_id=actor.account_id,
        holder=details.holder,
        last4=details.number[-4:],
        expires_month=details.month,
        expires_year=details.year,
        id_kind=new.id_kind,
        id_number=new.id_number,
        agreement_version=new.agreed_version,
        added_at=moment,
    )
    after = {"last4": card.last4, "agreement": card.agreement_version}
    audit.services.record(actor, "billing.card.added", card, after=after)
    return card


def _take(card_id: int, answer: Verification, moment: datetime) -> Card:
    """Write what the gateway says of a card, and go on with the test charge when it is verified."""
    with transaction.atomic(durable=True):
        found = Card.objects.get(pk=card_id)
        account = funds.lock(found.account_id)
        card = Card.objects.select_for_update().get(pk=card_id)
        if card.state != CardState.VERIFYING:
            return card
        if answer.customer and answer.customer != account.gateway_customer:
            account.gateway_customer = answer.customer
            account.save(update_fields=["gateway_customer"])
        for name in ("token", "brand", "last4"):
            setattr(card, name, getattr(answer, name) or getattr(card, name))
        card.verification = answer.reference or card.verification
        card.save(update_fields=["token", "brand", "last4", "verification"])
        if answer.outcome == Outcome.FAILED:
            card_states.fail(card, answer.failure or _("The card was refused."))
    return _test(_actor_of(card), card, moment) if answer.outcome == Outcome.SUCCEEDED else card


def _test(actor: Actor, card: Card, moment: datetime) -> Card:
    """The small charge that proves the card; settling it makes the card valid or failed."""
    with transaction.atomic(durable=True):
        funds.lock(card.account_id)
        fresh = Card.objects.get(pk=card.pk)
        if not fresh.payments.filter(state=PaymentState.PENDING).exists():
            fresh.tests += 1
            fresh.save(update_fields=["tests"])
    key = f"{TEST_KEY}{fresh.pk}-{fresh.tests}"
    wish = paying.Wish(key, PaymentPurpose.VERIFICATION, fresh, TEST_CHARGE)
    payment = paying.begin(actor, wish, moment)
    paying.execute(payment.pk, moment)
    return Card.objects.get(pk=card.pk)


def _locked(actor: Actor, card_id: int) -> Card:
    """A card of the actor under the lock of its account. Raises NotFound, CardInUse."""
    queries.get_card(actor, card_id)
    funds.lock(actor.account_id)
    card = queries.get_card(actor, card_id)
    if Payment.objects.filter(card=card, state=PaymentState.PENDING).exists():
        raise CardInUse
    return card


def _actor_of(card: Card) -> Actor:
    return Actor.system("card verification", card.account_id)


def _customer(actor: Actor) -> Customer:
    account = information.account_of(actor)
    return Customer(
        actor.account_id, account.title, queries.account_of(actor.account_id).gateway_customer
    )


def _return_address(card: Card) -> str:
    """Where the issuer sends the holder back to."""
    is_customer = card.account.audience == Audience.CUSTOMER
    name = "top_up:card-verify" if is_customer else "billing:card-verify"
    return settings.PORTAL_URL + reverse(name, args=[card.pk])


def _period(card: Card) -> tuple[int, int]:
    return card.expires_month, card.expires_year
