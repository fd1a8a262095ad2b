"""Between billing modes: pay-per-use to yearly/monthly and back, at once or when the term ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

import audit.services
from budgets.queries import guard
from budgets.rules.matrix import Operation
from catalog.choices import BillingMode
from catalog.queries import quotes
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound, Refusal
from resources.choices import ExpiryPolicy, ResourceStatus
from resources.locks import lock_of_account, lock_with_attached
from resources.models import CloudResource
from resources.services import life

from ..choices import OrderType
from ..locks import lock_customer
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import held
from ..refusals.buying import NotRenewable
from . import refunding, writing


@transaction.atomic(durable=True)
def to_period(actor: Actor, resource_ids: Sequence[int], period: str, count: int) -> CustomerOrder:
    """Order a term for resources that are paid by use; it begins when the order is paid.

    Raises NotFound, WrongMode, NoSuchMode, InPendingOrder, the catalogue's refusals and what the guard
    refuses.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    moment = clock.now()
    resources = lock_of_account(actor.account_id, resource_ids)
    for row in resources:
        held.refuse_mode(row, BillingMode.PAY_PER_USE)
    held.refuse_pending(resources)
    lines = [_term_line(row, period, count, moment) for row in resources]
    price = sum((line.list_amount for line in lines), Decimal(0))
    guard.require(actor.account_id, Operation.TO_PERIOD, price=price)
    head = writing.Head(OrderType.TO_PERIOD, moment, pay_before=writing.pay_before(moment))
    return writing.write(actor, head, lines)


@transaction.atomic(durable=True)
def to_usage(actor: Actor, resource_ids: Sequence[int]) -> list[CustomerOrder]:
    """Bill yearly/monthly resources by use from now on; unused days are given back at once.

    Raises NotFound, NotMain, WrongMode, NoSuchMode, ResourceExpired, InPendingOrder and what the guard
    refuses.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    moment = clock.now()
    wanted = list(dict.fromkeys(resource_ids))
    resources = lock_with_attached(actor.account_id, wanted)
    guard.require(actor.account_id, Operation.TO_USAGE)
    for row in resources:
        if row.pk in wanted:
            held.refuse_attached(row)
    held.refuse_pending(resources)
    families = [_family(resources, key) for key in wanted]
    return [_to_usage(actor, family, moment) for family in families]


@transaction.atomic(durable=True)
def on_expiry(actor: Actor, resource_id: int, *, wanted: bool) -> None:
    """Set, or cancel, the switch to pay-per-use when the term ends (API B.28).

    Raises NotFound, WrongMode, NoSuchMode, NotRenewable and what the guard refuses.
    """
    actor.require(BUY)
    lock_customer(actor.account_id)
    (resource,) = lock_of_account(actor.account_id, [resource_id])
    held.refuse_attached(resource)
    held.refuse_mode(resource, BillingMode.YEARLY_MONTHLY)
    if wanted:
        guard.require(actor.account_id, Operation.TO_USAGE)
        held.in_other_mode(resource, BillingMode.PAY_PER_USE)
        if resource.status == ResourceStatus.EXPIRED:
            raise NotRenewable(str(resource))
    elif resource.expiry_policy != ExpiryPolicy.TO_PAY_PER_USE:
        return
    before = resource.expiry_policy
    resource.expiry_policy = ExpiryPolicy.TO_PAY_PER_USE if wanted else ExpiryPolicy.RETAIN
    resource.auto_renewals_left, resource.auto_renew_period = None, ""
    resource.updated_at = clock.now()
    resource.save(
        update_fields=["expiry_policy", "auto_renewals_left", "auto_renew_period", "updated_at"]
    )
    audit.services.record(
        actor,
        "orders.resource.expiry_policy_set",
        resource,
        before={"expiry_policy": str(before)},
        after={"expiry_policy": str(resource.expiry_policy)},
    )


def convert_due(moment: datetime) -> int:
    """Switch what is to be paid by use after its term; returns how many were switched.

    What may not be switched, because the account is frozen or the catalogue has no such product, is
    retained like everything else that expires.
    """
    due = CloudResource.objects.existing().filter(
        expiry_policy=ExpiryPolicy.TO_PAY_PER_USE,
        status__in=[ResourceStatus.RUNNING, ResourceStatus.STOPPED],
        expires_at__lte=moment,
        parent=None,
    )
    switched = 0
    for pk, account_id in due.order_by("pk").values_list("pk", "account_id"):
        switched += _convert_due(pk, account_id, moment)
    return switched


@transaction.atomic
def _convert_due(pk: int, account_id: int, moment: datetime) -> bool:
    lock_customer(account_id)
    try:
        resources = lock_with_attached(account_id, [pk])
    except NotFound:
        return False
    main = next(row for row in resources if row.pk == pk)
    if main.expires_at is None or main.expires_at > moment:
        return False
    actor = Actor.system("orders.convert_due", account_id)
    try:
        guard.require(account_id, Operation.TO_USAGE)
        _switch(actor, _family(resources, pk), main.expires_at, order_no="")
    except Refusal as refusal:
        _retain(actor, main, refusal, moment)
        return False
    return True


def _retain(actor: Actor, resource: CloudResource, refusal: Refusal, moment: datetime) -> None:
    resource.expiry_policy, resource.updated_at = ExpiryPolicy.RETAIN, moment
    resource.save(update_fields=["expiry_policy", "updated_at"])
    audit.services.record(
        actor,
        "orders.resource.not_converted",
        resource,
        after={"expiry_policy": str(ExpiryPolicy.RETAIN), "cause": refusal.sentence},
    )


def _family(resources: list[CloudResource], main_id: int) -> list[CloudResource]:
    """A main resource and what is attached to it and paid for a term."""
    main = next(row for row in resources if row.pk == main_id)
    held.refuse_mode(main, BillingMode.YEARLY_MONTHLY)
    attached = [row for row in resources if row.parent_id == main_id]
    return [main, *(row for row in attached if row.mode == BillingMode.YEARLY_MONTHLY)]


def _to_usage(actor: Actor, family: list[CloudResource], moment: datetime) -> CustomerOrder:
    for row in family:
        held.refuse_expired(row)
    bought = held.paid_terms(family)
    lines, given_back = refunding.lines_of(family, moment)
    head = writing.Head(OrderType.TO_USAGE, moment, original=bought[0].order if bought else None)
    lines = lines or [refunding.nothing(family[0], moment)]
    order = refunding.close(actor, head, lines, given_back)
    _switch(actor, family, moment, order_no=order.order_no)
    return order


def _switch(actor: Actor, family: list[CloudResource], moment: datetime, *, order_no: str) -> None:
    products = [held.in_other_mode(row, BillingMode.PAY_PER_USE) for row in family]
    for row, product in zip(family, products, strict=True):
        life.convert(row, product, term=None, period="", order_no=order_no, moment=moment)
        audit.services.record(
            actor, "orders.resource.converted", row, after={"mode": str(row.mode)}
        )


def _term_line(resource: CloudResource, period: str, count: int, moment: datetime) -> writing.Line:
    product = held.in_other_mode(resource, BillingMode.YEARLY_MONTHLY)
    quote = quotes.quote_renewal(
        product,
        resource.region,
        moment,
        period=period,
        periods=count,
        quantity=resource.quantity,
        size=resource.size,
    )
    return writing.Line(
        product=product,
        region=resource.region,
        zone=resource.zone,
        resource=resource,
        name=resource.name,
        spec_text=life.spec_text(product),
        size=resource.size,
        quantity=resource.quantity,
        period=period,
        period_count=count,
        list_amount=quote.list_amount,
    )
