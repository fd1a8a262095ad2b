"""The operator corrects what is owed: adjustments of open cycles (05-BIL-20).

An issued bill never changes. An adjustment is a charge like all others, at the customer's list price
and on the partner's bill with the same amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

import audit.services
import orders.locks
from catalog.models import Product, Region
from customers.choices import AssociationModel
from metering.models import Charge
from metering.queries.details import of_trade
from metering.services import calendar, statements
from metering.services.adjusting import Correction, charge_adjustment
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.money import plain

from ..models import Adjustment
from ..permissions import OPERATE_BILLS
from ..refusals import (
    CycleIsBilled,
    CycleNotBegun,
    NobodyPays,
    NothingToAdjust,
    NothingToCorrect,
)

_NEXT = "SELECT nextval(pg_get_serial_sequence('billing_adjustment', 'id'))"
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Wish:
    """What is to be adjusted by how much (USD, signed) and why, in which open cycle (YYYY-MM).

    ``corrects`` is the order or transaction ID that is wrong; it may lie in any cycle.
    """

    customer: int
    product: Product
    region: Region | None
    cycle: str
    amount: Decimal
    reason: str
    corrects: str = ""


@transaction.atomic(durable=True)
def post(actor: Actor, *, wish: Wish, request_id: UUID) -> Adjustment:
    """Post an adjustment; once a request.

    Raises CycleIsBilled, CycleNotBegun, NothingToAdjust, NothingToCorrect, NobodyPays.
    """
    actor.require(OPERATE_BILLS)
    if not wish.amount:
        raise NothingToAdjust
    moment = clock.now()
    orders.locks.lock_customer(wish.customer)
    if (done := Adjustment.objects.filter(request_id=request_id).first()) is not None:
        return done
    charged_at = _charged_at(wish.cycle, moment)
    key: int = statements.value(_NEXT)
    number = f"ADJ{wish.cycle.replace('-', '')}{key:06d}"
    correction = Correction(
        key=number,
        customer_id=wish.customer,
        product_id=wish.product.pk,
        region_id=wish.region.pk if wish.region else None,
        amount=wish.amount,
        reason=wish.reason,
        original_order_no=wish.corrects,
        attributed_at=_attributed_at(wish) or charged_at,
        charged_at=charged_at,
    )
    charge = charge_adjustment(correction, moment)
    payer = charge.distributor_id or charge.partner_id
    if charge.model != AssociationModel.RESELLER or payer is None:
        raise NobodyPays
    adjustment = Adjustment(pk=key, number=number, account_id=payer, request_id=request_id)
    return _enter(actor, wish, adjustment, charge.cycle, moment)


def _charged_at(text: str, moment: datetime) -> datetime:
    """Now, or the last second of a cycle that is over and not billed yet.

    Keeps the cycle open until the transaction ends.
    """
    try:
        cycle, running = BillingCycle.parse(text), BillingCycle.of(moment)
    except ValueError as error:
        raise CycleNotBegun from error
    if text in calendar.read().closed:
        raise CycleIsBilled
    if cycle > running:
        raise CycleNotBegun
    return moment if cycle == running else cycle.end - _SECOND


def _attributed_at(wish: Wish) -> datetime | None:
    """When it was decided whose customer it was for what is corrected; None: nothing is named."""
    if not wish.corrects:
        return None
    charges = Charge.objects.filter(of_trade(wish.corrects), customer=wish.customer)
    charge = charges.filter(product=wish.product).order_by("-record").first()
    if charge is None:
        raise NothingToCorrect
    return charge.charged_at if charge.order_no else charge.started_at


def _enter(
    actor: Actor, wish: Wish, adjustment: Adjustment, cycle: str, moment: datetime
) -> Adjustment:
    adjustment.customer_id, adjustment.product = wish.customer, wish.product
    adjustment.cycle, adjustment.amount = cycle, wish.amount
    adjustment.reason, adjustment.corrects = wish.reason, wish.corrects
    adjustment.posted_by, adjustment.posted_at = actor.full_name[:200], moment
    adjustment.save(force_insert=True)
    audit.services.record(
        actor,
        "billing.adjustment.posted",
        adjustment,
        after={
            "cycle": adjustment.cycle,
            "amount": plain(wish.amount),
            "product": wish.product.code,
            "reason": wish.reason,
            "corrects": wish.corrects,
        },
        account_id=adjustment.account_id,
    )
    return adjustment
