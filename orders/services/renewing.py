"""Renewing resources: one order for a main resource and what is attached to it (API B.23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode, Period
from catalog.queries import quotes
from catalog.rules.pricing import EXACT
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import Refusal
from resources.locks import lock_with_attached
from resources.models import CloudResource
from resources.queries import reach
from resources.rules import terms
from resources.rules.terms import Term

from ..choices import DiscountKind, OrderSource, OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import held, payments
from ..refusals.buying import WrongMode
from ..rules.refunds import extra_days
from . import paying, writing

#: Days that one period counts for when a renewal is prolonged to the common day of expiry.
_DAYS_OF = {Period.MONTH: 30, Period.YEAR: 365}


@dataclass
class Renewed:
    """What became of a request: the orders, and per resource why there is none."""

    orders: list[CustomerOrder] = field(default_factory=list)
    failed: dict[int, Refusal] = field(default_factory=dict)


def renew(
    actor: Actor, resource_ids: Sequence[int], period: str, count: int, pay_now: bool = False
) -> Renewed:
    """Renew main resources for ``count`` periods, each in an order of its own.

    ``pay_now`` pays at once; what cannot be paid stays pending. A resource that cannot be renewed
    does not stand in the way of the others. Raises NotPermitted, NotFound.
    """
    actor.require(BUY)
    held.require_own(actor, resource_ids)
    done = Renewed()
    for resource_id in dict.fromkeys(resource_ids):
        try:
            order = order_renewal(actor, resource_id, period, count)
            done.orders.append(order)
            if pay_now:
                paying.pay(actor, order.pk)
        except Refusal as refusal:
            done.failed[resource_id] = refusal
    return done


@transaction.atomic(durable=True)
def order_renewal(actor: Actor, resource_id: int, period: str, count: int) -> CustomerOrder:
    """Place the order that renews one main resource and what is attached to it.

    Raises NotFound, NotMain, WrongMode, InPendingOrder, what the guard refuses and what
    ``catalog.queries.quotes`` raises.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    return write(actor, resource_id, period, count, clock.now())


def write(
    actor: Actor,
    resource_id: int,
    period: str,
    count: int,
    moment: datetime,
    *,
    source: OrderSource | None = None,
) -> CustomerOrder:
    """The same in the caller's transaction, the customer being locked."""
    resources = lock_with_attached(actor.account_id, [resource_id])
    held.refuse_attached(next(row for row in resources if row.pk == resource_id))
    resources = [row for row in resources if _renews(row, resource_id)]
    held.refuse_pending(resources)
    lines = [_line(row, period, count, moment) for row in resources]
    price = sum((line.list_amount for line in lines), Decimal(0))
    guard.require(actor.account_id, Operation.RENEW, price=price)
    head = writing.Head(
        OrderType.RENEWAL, moment, pay_before=writing.pay_before(moment), source=source
    )
    return writing.write(actor, head, lines)


def next_term(resource: CloudResource, period: str, count: int) -> tuple[Term, int]:
    """The term that a renewal adds, and how many of its days lead to the common day of expiry."""
    if resource.expires_at is None:
        raise WrongMode(str(resource), str(resource.get_mode_display()))
    term = terms.term_from(resource.expires_at, period, count, anchor=resource.effective_at)
    common = reach.settings_of(resource.account_id).expiry_day
    if common is None:
        return term, 0
    ends = terms.to_common_day(term.ends, common)
    return Term(term.starts, ends), (ends - term.ends) // terms.DAY


def price_of(resource: CloudResource, period: str, count: int, moment: datetime) -> Decimal:
    """List price of a renewal in USD: its periods, and the days up to the common day of expiry."""
    quote = _quote(resource, period, count, moment)
    _term, more = next_term(resource, period, count)
    if not more:
        return quote.list_amount
    one = _quote(resource, period, 1, moment).list_amount
    return EXACT.add(quote.list_amount, extra_days(one, more, _DAYS_OF[Period(period)]))


def pay_by_itself(actor: Actor, order: CustomerOrder, moment: datetime) -> CustomerOrder:
    """Pay a renewal that the system placed, with the partner's discount where there is one."""
    items = list(order.items.select_related("product"))
    choice = payments.choices_of(order, items, moment)[DiscountKind.PARTNER]
    kind = DiscountKind.NONE if choice.blocked else DiscountKind.PARTNER
    return paying.settle(actor, order, kind, moment)


def _renews(resource: CloudResource, main_id: int) -> bool:
    """An attached resource that is paid by use has nothing to renew; the main one must."""
    if resource.pk == main_id:
        held.refuse_mode(resource, BillingMode.YEARLY_MONTHLY)
    return resource.mode == BillingMode.YEARLY_MONTHLY


def _line(resource: CloudResource, period: str, count: int, moment: datetime) -> writing.Line:
    term, _more = next_term(resource, period, count)
    return writing.Line(
        product=resource.product,
        region=resource.region,
        zone=resource.zone,
        resource=resource,
        name=resource.name,
        spec_text=resource.spec_text,
        size=resource.size,
        quantity=resource.quantity,
        period=period,
        period_count=count,
        list_amount=price_of(resource, period, count, moment),
        effective_at=term.starts,
        expires_at=term.ends,
    )


def _quote(resource: CloudResource, period: str, count: int, moment: datetime) -> quotes.Quote:
    return quotes.quote_renewal(
        resource.product,
        resource.region,
        moment,
        period=period,
        periods=count,
        quantity=resource.quantity,
        size=resource.size,
    )
