"""The expenditure summary: sums by customer, service and mode, read from the roll-ups alone.

A day is shown from 00:00 GMT+08:00 of the second day after it (04-EXS-03, D-31). All amounts in USD,
exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import BillType
from ..models import DailySpend, MonthlySpend
from ..rules.spending import is_summed_up, summed_up_to
from . import amounts, reach

#: What makes one row of the summary.
ROW_KEY = ("customer_id", "service_type_id", "mode", "model")
_NAMES = {
    "account_name": F("customer__name"),
    "customer_name": F("customer__full_name"),
    "customer_uid": F("customer__public_id"),
    "service": F("service_type__name"),
}


@dataclass(frozen=True)
class Wanted:
    """What of the spend is asked for."""

    cycle: str
    customer: str = ""
    manager_id: int | None = None
    model: str = ""
    refunds: bool = False


@dataclass(frozen=True)
class Day:
    """One day of the month (GMT+08:00)."""

    day: date
    amount: Decimal
    refunds: Decimal


def days(actor: Actor, wanted: Wanted, moment: datetime) -> list[Day]:
    """The days of the month that have spend, with expenditures and refunds."""
    refund = Q(bill_type=BillType.REFUND)
    rows = _daily(actor, wanted, moment).values("spent_on").order_by("spent_on")
    zero = amounts.nothing()
    found = rows.annotate(
        amount=Sum("list_amount", filter=~refund, default=zero),
        refunds=Sum("list_amount", filter=refund, default=zero),
    )
    return [Day(row["spent_on"], row["amount"], row["refunds"]) for row in found]


def rows(actor: Actor, wanted: Wanted, moment: datetime) -> QuerySet[Any, dict[str, Any]]:
    """One row for each customer, service, billing mode and type of association; largest first."""
    found = _of_kind(_sums(actor, wanted, moment), wanted).values(*ROW_KEY).annotate(**_NAMES)
    largest = "amount" if wanted.refunds else "-amount"
    return found.annotate(**_figures()).order_by(largest, "account_name", "service", *ROW_KEY)


def products(
    actor: Actor, wanted: Wanted, moment: datetime, keys: Iterable[Mapping[str, Any]]
) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """What the rows with these keys are made of, by product and region; one query for all of them."""
    condition = Q(pk__in=[])
    for key in keys:
        condition |= Q(**{name: key[name] for name in ROW_KEY})
    found = _of_kind(_sums(actor, wanted, moment), wanted).filter(condition)
    parts = found.values(*ROW_KEY, "product_id", "region_id").annotate(
        product_name=F("product__name"),
        product_code=F("product__code"),
        region_name=F("region__name"),
        **_figures(),
    )
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for part in parts.order_by("-amount", "product_name", "region_name"):
        grouped.setdefault(tuple(part[name] for name in ROW_KEY), []).append(part)
    return grouped


def product_days(
    actor: Actor, wanted: Wanted, moment: datetime, *, customer: str, product: str, mode: str
) -> list[dict[str, Any]]:
    """One product of one customer day by day, newest first. Raises NotFound when there is none.

    ``customer`` is the account's domain ID, ``product`` the product's code.
    """
    found = _of_kind(_daily(actor, wanted, moment), wanted).filter(
        customer__public_id=customer, product__code=product, mode=mode
    )
    by_day = found.values("spent_on", "region__name", "bill_type").annotate(
        account_name=F("customer__name"), product_name=F("product__name"), **_figures()
    )
    listed = list(by_day.order_by("-spent_on", "region__name", "bill_type"))
    if not listed:
        raise NotFound
    return listed


def daily_rows(actor: Actor, wanted: Wanted, moment: datetime) -> QuerySet[DailySpend]:
    """The daily sums themselves, for files; expenditures and refunds alike."""
    return _daily(actor, wanted, moment)


def _figures() -> dict[str, Sum]:
    return {
        "charges_count": Sum("charges"),
        "amount": Sum("list_amount"),
        "cash": Sum(amounts.cash()),
        "monthly": Sum(amounts.monthly_settlement()),
        "coupons": Sum(amounts.coupons()),
        "discount": Sum("discount_amount"),
    }


def _of_kind(found: QuerySet, wanted: Wanted) -> QuerySet:
    refund = Q(bill_type=BillType.REFUND)
    return found.filter(refund if wanted.refunds else ~refund)


def _sums(actor: Actor, wanted: Wanted, moment: datetime) -> QuerySet:
    """The coarsest roll-up that can answer: the month's, unless days or managers matter."""
    by_day = reach.is_scoped(actor) or wanted.manager_id or not is_summed_up(wanted.cycle, moment)
    if by_day:
        return _daily(actor, wanted, moment)
    return _narrowed(reach.of_partner(actor, MonthlySpend.objects.all()), wanted)


def _daily(actor: Actor, wanted: Wanted, moment: datetime) -> QuerySet[DailySpend]:
    found = reach.of_partner(actor, DailySpend.objects.filter(spent_on__lte=summed_up_to(moment)))
    return _narrowed(found, wanted)


def _narrowed(found: QuerySet, wanted: Wanted) -> QuerySet:
    found = found.filter(cycle=wanted.cycle)
    if wanted.model:
        found = found.filter(model=wanted.model)
    if wanted.manager_id:
        found = found.filter(reach.attributed_to(wanted.manager_id))
    for word in wanted.customer.split():
        found = found.filter(
            Q(customer__name__icontains=word) | Q(customer__full_name__icontains=word)
        )
    return found
