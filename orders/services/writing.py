"""Writing an order and its lines: the building block of every use case, in the caller's transaction."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

import audit.services
import resellers.queries
from catalog.models import Product, Region, ServiceType
from catalog.rules.pricing import EXACT
from customers.models import Association
from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE
from resources.models import CloudResource, EnterpriseProject

from ..choices import OrderSource, OrderType
from ..models import CustomerOrder, OrderItem

_LETTERS = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Line:
    """One line to be written. Amounts are in USD with 2 decimals, negative for a refund."""

    product: Product
    region: Region | None
    list_amount: Decimal
    discount_amount: Decimal = Decimal(0)
    zone: str = ""
    resource: CloudResource | None = None
    name: str = ""
    spec_text: str = ""
    size: int | None = None
    quantity: int = 1
    period: str = ""
    period_count: int | None = None
    configuration: dict[str, Any] = field(default_factory=dict)
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    gives_back: OrderItem | None = None
    lowers: OrderItem | None = None
    project: EnterpriseProject | None = None


@dataclass(frozen=True)
class Head:
    """What an order says beside its lines."""

    order_type: OrderType
    moment: datetime
    #: Of refunds and what the system orders: not waiting for a payment.
    pay_before: datetime | None = None
    original: CustomerOrder | None = None
    reason_type: str = ""
    reason: str = ""
    source: OrderSource | None = None
    #: Unsubscribed by the operator because of an order exception.
    by_exception: bool = False


def write(actor: Actor, head: Head, lines: Sequence[Line]) -> CustomerOrder:
    """Write a pending order of the actor's account, with its lines and its audit record."""
    order = CustomerOrder.objects.create(
        account_id=actor.account_id,
        order_no=order_number(head.moment),
        order_type=head.order_type,
        service_type=ServiceType.objects.get(pk=lines[0].product.service_type_id),
        ordered_at=head.moment,
        pay_before=head.pay_before,
        original=head.original,
        reason_type=head.reason_type,
        reason=head.reason,
        by_exception=head.by_exception,
        **_partner(actor.account_id),
        **_orderer(actor, head),
        **_sums(lines),
    )
    OrderItem.objects.bulk_create(
        _item(order, number, line) for number, line in enumerate(lines, start=1)
    )
    record(actor, "placed", order, type=str(order.order_type), list_amount=str(order.list_amount))
    return order


def record(actor: Actor, done: str, order: CustomerOrder, *, trace: str = "", **after: str) -> None:
    """One audit record about an order, in the customer's book; ``trace`` makes it one of CTS."""
    audit.services.record(
        actor,
        f"orders.order.{done}",
        order,
        after={"order_no": order.order_no, **after},
        account_id=order.account_id,
        trace=trace,
    )


def pay_before(moment: datetime) -> datetime:
    """Until when an order of ``moment`` is to be paid."""
    return moment + timedelta(days=settings.ORDER_PAYMENT_DAYS)


def order_number(moment: datetime) -> str:
    """``CS``, the minute in GMT+08:00, and 6 random letters or digits (04 §8.3.3.1)."""
    local = moment.astimezone(BUSINESS_ZONE)
    return f"CS{local:%y%m%d%H%M}{''.join(secrets.choice(_LETTERS) for _ in range(6))}"


def _partner(customer_id: int) -> dict[str, Any]:
    """Association, partner, distributor and model of the moment."""
    live = Association.objects.live().filter(customer_id=customer_id)
    if (association := live.first()) is None:
        return {}
    return {
        "association": association,
        "partner_id": association.account_id,
        "distributor": resellers.queries.distributor_of(association.account_id),
        "model": association.model,
    }


def _orderer(actor: Actor, head: Head) -> dict[str, Any]:
    by = OrderSource.ON_BEHALF if actor.on_behalf else OrderSource.CUSTOMER
    return {
        "source": head.source or (OrderSource.SYSTEM if actor.is_system else by),
        "ordered_by_id": actor.user_id,
        "ordered_by_name": actor.full_name[:200],
        "session_id": actor.on_behalf.session_id if actor.on_behalf else None,
    }


def _sums(lines: Sequence[Line]) -> dict[str, Decimal]:
    listed = sum((line.list_amount for line in lines), Decimal(0))
    discount = sum((line.discount_amount for line in lines), Decimal(0))
    return {
        "list_amount": listed,
        "discount_amount": discount,
        "amount": EXACT.subtract(listed, discount),
    }


def _item(order: CustomerOrder, number: int, line: Line) -> OrderItem:
    return OrderItem(
        account_id=order.account_id,
        order=order,
        number=number,
        amount=EXACT.subtract(line.list_amount, line.discount_amount),
        **vars(line),
    )
