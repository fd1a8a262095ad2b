"""Cards and bills of the tests, in few words."""

from __future__ import annotations

from accounts.models import Account, AccountCurrency
from billing.choices import CardState
from billing.gateways.base import CardDetails
from billing.models import Card
from billing.services import cards
from billing.services.cards import NewCard
from partner_center import clock
from partner_center.actors import Actor

GOOD = "4242424242424242"
SECOND = "5555555555554444"
DECLINED = "4000000000000002"
REFUSES_HOLDER = "4000000000003063"
NEARLY_EMPTY = "4000000000009995"
CHARGES_DECLINED = "4000000000000341"


def set_currency(account: Account, currency: str = "USD") -> None:
    """The transaction currency, long ago."""
    AccountCurrency.objects.create(
        account=account, currency=currency, from_cycle="2019-01", set_at=clock.now()
    )


def details(number: str = GOOD, *, month: int = 12, year: int = 2040) -> CardDetails:
    """A card as it is typed."""
    return CardDetails("Mara Reyes", month, year, number, "123")


def add(actor: Actor, number: str = GOOD, *, confirmed: bool = True) -> Card:
    """A card, with what its holder answers the issuer."""
    card = cards.add(actor, details(number), NewCard("1.0"))
    if card.state == CardState.VERIFYING:
        cards.answer_sandbox(actor, card.pk, confirmed=confirmed)
        card = cards.go_on(actor, card.pk)
    return card
