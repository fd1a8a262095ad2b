"""Buying: an order for what is paid in advance, provisioning at once for what is paid by use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

import audit.services
from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from partner_center import clock
from partner_center.actors import Actor
from resources.models import CloudResource
from resources.queries.projects import DEFAULT_NAME
from resources.services import life

from ..choices import OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import baskets
from ..queries.baskets import Basket, PricedLine
from ..refusals.buying import AgreementMissing, NeedsNoOrder, NotForPartner
from . import writing


@transaction.atomic(durable=True)
def place(actor: Actor, basket: Basket, *, agrees: bool = True) -> CustomerOrder:
    """Order what is paid in advance; the order waits to be paid (08-BUY-01, BUY-08).

    A piece becomes a line of its own, because it will be a resource of its own; reserved instances,
    savings plans and packages stay together. ``agrees``: to the Service Level Agreement (BUY-04).
    Raises AgreementMissing, NothingOrdered, NeedsNoOrder, NotForPartner, ZoneUnknown, what the guard
    refuses and what ``catalog.queries.quotes`` raises.
    """
    actor.require(BUY)
    _require_agreement(agrees)
    moment = clock.now()
    lines = baskets.priced(basket, moment, actor.account_id)
    lock_customer(actor.account_id)
    _refuse_wrong_products(actor, lines, by_use=False)
    guard.require(actor.account_id, buying(lines), price=baskets.total(lines))
    head = writing.Head(OrderType.NEW, moment, pay_before=writing.pay_before(moment))
    return writing.write(actor, head, [part for line in lines for part in _parts(line)])


@transaction.atomic(durable=True)
def provision(actor: Actor, basket: Basket, *, agrees: bool = True) -> list[CloudResource]:
    """Provision what is paid by use, without an order (04-ORD-01). Raises what :func:`place` raises."""
    actor.require(BUY)
    _require_agreement(agrees)
    moment = clock.now()
    lines = baskets.priced(basket, moment, actor.account_id)
    lock_customer(actor.account_id)
    _refuse_wrong_products(actor, lines, by_use=True)
    guard.require(actor.account_id, Operation.BUY_USAGE)
    resources = life.provide(actor.account_id, _provisions(lines), moment)
    for resource in resources:
        record(actor, "provisioned", resource, moment)
    return resources


def buying(lines: Sequence[PricedLine]) -> Operation:
    """The row of the matrix that an order for these lines stands in."""
    term = all(line.product.mode == BillingMode.YEARLY_MONTHLY for line in lines)
    return Operation.BUY_PERIOD if term else Operation.BUY_RESERVED


def record(actor: Actor, done: str, resource: CloudResource, moment: datetime) -> None:
    """One audit record about a resource, in the customer's book."""
    audit.services.record(
        actor,
        f"orders.resource.{done}",
        resource,
        after={
            "resource_id": resource.resource_id,
            "name": resource.name,
            "status": str(resource.status),
            "project": str(resource.project or DEFAULT_NAME),
            "at": moment.isoformat(),
        },
        account_id=resource.account_id,
    )


def names(line: PricedLine) -> list[str]:
    """A name for each piece: the chosen one, numbered when there are several."""
    base, count = line.wanted.name or line.product.resource_type.name, line.wanted.quantity
    if count == 1 or line.is_one_resource:
        return [base]
    return [f"{base}-{number:04d}" for number in range(1, count + 1)]


def _require_agreement(agrees: bool) -> None:
    if not agrees:
        raise AgreementMissing


def _refuse_wrong_products(actor: Actor, lines: Sequence[PricedLine], *, by_use: bool) -> None:
    for line in lines:
        if line.is_usage != by_use:
            raise NeedsNoOrder(line.product.name)
        on_behalf = actor.on_behalf
        if on_behalf and on_behalf.partner_kind not in line.product.on_behalf_kinds:
            raise NotForPartner(line.product.name)


def _parts(line: PricedLine) -> list[writing.Line]:
    together, wanted = line.is_one_resource, line.wanted
    period, periods = baskets.term_of(line.product, wanted)
    return [
        writing.Line(
            product=line.product,
            region=line.region,
            zone=wanted.zone,
            name=name,
            spec_text=life.spec_text(line.product),
            size=line.size,
            quantity=wanted.quantity if together else 1,
            period=period,
            period_count=periods,
            configuration=wanted.configuration,
            project=line.project,
            list_amount=line.amount if together else line.unit_amount,
        )
        for name in names(line)
    ]


def _provisions(lines: Sequence[PricedLine]) -> list[life.Provision]:
    return [
        life.Provision(
            product=line.product,
            region=line.region,
            name=name,
            zone=line.wanted.zone,
            size=line.size,
            configuration=line.wanted.configuration,
            project=line.project,
        )
        for line in lines
        for name in names(line)
    ]
