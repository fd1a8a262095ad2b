"""Reads of a partner's money: what is due, statements, cards, transfers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, QuerySet, When

from accounts.choices import PartnerKind
from accounts.models import Account, AgreementDocument
from accounts.queries import agreements, information
from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint

from .. import gateways
from ..choices import BillState, CardState, PaymentState
from ..models import (
    BillAccount,
    Card,
    PartnerAccount,
    Payment,
    StatementEntry,
    TopUpAccount,
    TransferTicket,
)
from ..permissions import PAY_BILLS, TOP_UP, VIEW_FUNDS
from ..refusals import GatewayNotReady, NoRate, OnlineNotOffered
from ..rules import due
from ..rules import payments as rules
from . import credit, reach, taxes

OPEN = (BillState.UNPAID, BillState.PARTIAL, BillState.OVERDUE)
#: With whom a distributor must have signed to pay online (05-REP-13).
ONLINE_ENTITIES = ("Huawei Services (Hong Kong) Co., Limited", "Huawei (Chile) S.A.")
AGREEMENT = "card-binding-agreement"
#: Statements that are searchable online (05-STM-03).
STATEMENT_MONTHS = 12


@dataclass(frozen=True)
class Dues:
    """What a partner owes at a moment, in USD, 2 decimals (06-DRP-03)."""

    balance: Decimal
    bills: list[BillAccount]
    moment: datetime

    @property
    def total(self) -> Decimal:
        """All that is left of open bills."""
        return sum((bill.left for bill in self.bills), Decimal(0))

    @property
    def overdue(self) -> Decimal:
        """What should have been paid by then, told by the clock as on Partner Bills."""
        late = (bill.left for bill in self.bills if due.is_late(bill, self.moment))
        return sum(late, Decimal(0))

    @property
    def seen(self) -> str:
        """What the page has shown, to notice that it changed."""
        return fingerprint({"balance": str(self.balance), "total": str(self.total)})


@dataclass(frozen=True)
class Limits:
    """The payment currency of today, and what a single transaction may come to in USD."""

    currency: str
    rate: Decimal
    low: Decimal
    high: Decimal

    @property
    def words(self) -> tuple[str, str]:
        """Both as people read them, also in the currency that has limits of its own."""
        known, low, high = rules.limits_of(self.currency, settings.PAYMENT_LIMITS)
        if known == "USD":
            return money.words(self.low), money.words(self.high)
        return (
            f"{money.words(self.low)} ({money.words(low, known)})",
            f"{money.words(self.high)} ({money.words(high, known)})",
        )


def dues_of(account_id: int, moment: datetime) -> Dues:
    """Balance and open bills of a partner, the oldest first. Two queries."""
    balance = PartnerAccount.objects.filter(account_id=account_id).values_list("balance", flat=True)
    rows = BillAccount.objects.filter(account_id=account_id, state__in=OPEN)
    bills = list(rows.select_related("bill").order_by("bill__cycle", "bill_id"))
    return Dues(balance.first() or Decimal(0), bills, moment)


def own_dues(actor: Actor) -> Dues:
    """The actor's own. Raises NotPermitted, NoFinancialInformation."""
    reach.require_payer(actor)
    return dues_of(actor.account_id, clock.now())


def account_of(account_id: int) -> PartnerAccount:
    """The account of a partner; an unsaved one with the defaults while there is none."""
    found = PartnerAccount.objects.filter(account_id=account_id).first()
    return found or PartnerAccount(account_id=account_id)


def refuse_cards(account_id: int, partner_kind: str) -> None:
    """Raise PartnerSettles, GatewayNotReady or OnlineNotOffered where no card can be used
    (05-REP-13, 06-DRP-06; 08-CST-02)."""
    if not partner_kind:
        credit.refuse_settled_by_partner(account_id)
    if not gateways.is_ready():
        raise GatewayNotReady
    if partner_kind != PartnerKind.DISTRIBUTOR:
        return
    if account_of(account_id).signing_entity not in ONLINE_ENTITIES:
        raise OnlineNotOffered


def may_charge(account_id: int) -> bool:
    """Whether the cards of a partner may be charged by themselves: no reason of refuse_cards."""
    kinds = Account.objects.filter(pk=account_id).values_list("partner_kind", flat=True)
    try:
        refuse_cards(account_id, kinds.get())
    except (GatewayNotReady, OnlineNotOffered):
        return False
    return True


def limits_of(account_id: int, moment: datetime) -> Limits:
    """Limits of one transaction in the partner's payment currency (05-TXL-01).

    While the operator has published no rate of it, cards are charged in USD.
    """
    currency = information.currency_of(account_id, BillingCycle.of(moment))
    try:
        rate = taxes.rate_of(currency, clock.business_date(moment))
    except NoRate:
        currency, rate = "USD", Decimal(1)
    limits = settings.PAYMENT_LIMITS
    return Limits(
        currency,
        rate,
        rules.least_at_once(rate, currency, limits),
        rules.most_at_once(rate, currency, limits),
    )


def has_currency(account_id: int) -> bool:
    """Whether a transaction currency was ever set (05-PMT-03)."""
    return information.latest_currency(account_id) is not None


def top_up_account(account_id: int, moment: datetime) -> TopUpAccount | None:
    """The newest account that the partner transfers to (05-REP-07): of its currency, else of USD."""
    entity = account_of(account_id).signing_entity
    return top_up_of(entity, information.currency_of(account_id, BillingCycle.of(moment)), moment)


def top_up_of(entity: str, currency: str, moment: datetime) -> TopUpAccount | None:
    """The newest account of a signing entity for a currency; that for USD where it has none."""
    rows = TopUpAccount.objects.filter(signing_entity=entity, valid_from__lte=moment)
    newest = rows.order_by("-valid_from", "-pk")
    return newest.filter(currency=currency).first() or newest.filter(currency="USD").first()


# --- Cards and payments --------------------------------------------------------------------------


def cards_of(actor: Actor) -> list[Card]:
    """Cards that can be used, in the order in which they are charged (:func:`usable_cards`); then those
    that have expired or are being verified.
    """
    reach.require_payer(actor)
    rows = Card.objects.visible_to(actor)
    shown = rows.filter(state__in=[CardState.VALID, CardState.EXPIRED, CardState.VERIFYING])
    is_usable = Case(When(state=CardState.VALID, then=0), default=1)
    return list(shown.order_by(is_usable, "-is_default", "added_at", "pk"))


def card_history(actor: Actor) -> QuerySet[Card]:
    """All cards that were ever added, with what became of them (05-PMT-10)."""
    reach.require_payer(actor)
    return Card.objects.visible_to(actor)


def get_card(actor: Actor, card_id: int) -> Card:
    """One of the actor's cards; a reseller has none. Raises NotFound."""
    actor.require(reach.payer_permission(actor))
    found = Card.objects.visible_to(actor).exclude(state=CardState.DELETED).filter(pk=card_id)
    if (card := found.first()) is None:
        raise NotFound
    return card


def usable_cards(account_id: int) -> QuerySet[Card]:
    """In the order in which they are charged: the default one, then as they were added (PMT-11)."""
    rows = Card.objects.filter(account_id=account_id, state=CardState.VALID)
    return rows.order_by("-is_default", "added_at", "pk")


def get_payment(actor: Actor, key: str) -> Payment | None:
    """A payment of the actor by its key."""
    actor.require(reach.payer_permission(actor))
    return Payment.objects.visible_to(actor).filter(key=key).first()


def pending_payment(account_id: int) -> Payment | None:
    """The payment that is not decided yet; test charges do not count."""
    rows = Payment.objects.filter(account_id=account_id, state=PaymentState.PENDING)
    return rows.exclude(purpose="verification").first()


def agreement(moment: datetime) -> AgreementDocument:
    """The agreement on binding cards in force. Raises NotFound."""
    found = agreements.current([AGREEMENT], moment)
    if not found:
        raise NotFound
    return found[0]


# --- Statements and transfers --------------------------------------------------------------------


def list_statements(actor: Actor) -> QuerySet[StatementEntry]:
    """Entries of the last 12 months (05-STM-03)."""
    reach.require(actor, VIEW_FUNDS)
    rows = StatementEntry.objects.visible_to(actor)
    return rows.filter(at__gte=searchable_from(clock.now()))


def list_top_ups(actor: Actor) -> QuerySet[StatementEntry]:
    """Entries of a customer's own account of the last 12 months."""
    actor.require(TOP_UP)
    rows = StatementEntry.objects.visible_to(actor)
    return rows.filter(at__gte=searchable_from(clock.now()))


def searchable_from(moment: datetime) -> datetime:
    """Where the last 12 months begin: the start of the same day a year ago (GMT+08:00)."""
    cycle = BillingCycle.of(moment).plus(-STATEMENT_MONTHS)
    day = min(clock.business_date(moment).day, cycle.days)
    return cycle.start + timedelta(days=day - 1)


def list_transfers(actor: Actor) -> QuerySet[TransferTicket]:
    """The actor's transfer tickets."""
    reach.require(actor, PAY_BILLS)
    return TransferTicket.objects.visible_to(actor)


def get_ticket(actor: Actor, ticket_id: int) -> TransferTicket:
    """One ticket, for its certificate: of the actor's account, or any for who handles them."""
    own = TransferTicket.objects.visible_to(actor)
    rows = TransferTicket.objects.all() if actor.is_operator else own
    if (ticket := rows.filter(pk=ticket_id).first()) is None:
        raise NotFound
    return ticket
