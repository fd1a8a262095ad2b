"""What becomes of a card: valid, failed, expired. Inside the transaction of the caller, who has locked
the account of the partner.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import audit.services
from accounts.queries.actors import operator_job
from budgets.services import consumption
from partner_center.actors import Actor
from partner_center.permissions import Audience

from ..choices import CardState
from ..models import Card, PartnerAccount
from ..queries import funds as queries
from . import fund_messages

#: What the first valid card gives a partner at least, in USD (05-PMT-02).
CARD_QUOTA = Decimal(1000)
JOB = "card payments"


def validate(card: Card, account: PartnerAccount, moment: datetime) -> None:
    """The card can be charged; the first one becomes the default and raises the quota, once.

    It takes the place of a default card that is expired: Default is what is charged first.
    """
    others = Card.objects.filter(account_id=card.account_id, is_default=True).exclude(pk=card.pk)
    others.filter(state=CardState.EXPIRED).update(is_default=False)
    card.state, card.result = CardState.VALID, ""
    card.is_default = card.is_default or not others.exists()
    card.save(update_fields=["state", "result", "is_default"])
    _record("billing.card.validated", card)
    is_partner = card.account.audience == Audience.PARTNER
    if is_partner and account.card_quota_at is None:
        account.card_quota_at = moment
        account.save(update_fields=["card_quota_at"])
        consumption.raise_to(_job(), card.account_id, CARD_QUOTA, moment)


def fail(card: Card, reason: str) -> None:
    """The card cannot be used; View History says why (05-PMT-09). Another one becomes the default."""
    was_default = card.is_default
    card.state, card.result, card.is_default = CardState.FAILED, reason[:255], False
    card.save(update_fields=["state", "result", "is_default"])
    _record("billing.card.failed", card, reason=card.result)
    if was_default and (heir := queries.usable_cards(card.account_id).first()):
        _make_default(heir)


def expire(card: Card) -> None:
    """Its month is over: it is charged no more until its validity period is changed (Edit).

    The next card that can be charged becomes the default; where there is none it stays the default.
    A customer is not told: nothing charges its cards but the customer itself, which reads it there.
    """
    card.state = CardState.EXPIRED
    card.save(update_fields=["state"])
    _record("billing.card.expired", card)
    if card.is_default and (heir := queries.usable_cards(card.account_id).first()):
        card.is_default = False
        card.save(update_fields=["is_default"])
        _make_default(heir)
    if card.account.audience == Audience.PARTNER:
        fund_messages.tell_card_expired(card)


def _make_default(card: Card) -> None:
    card.is_default = True
    card.save(update_fields=["is_default"])


def _job() -> Actor:
    return operator_job(JOB)


def _record(action: str, card: Card, **more: str) -> None:
    after = {"card": str(card), "state": card.state, **more}
    audit.services.record(_job(), action, card, after=after, account_id=card.account_id)
