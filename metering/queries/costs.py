"""Costs of a customer by dimension and day or month, for the API (B.32); USD, exact.

Original costs stand where they were charged; amortised ones spread what was paid for a term evenly
over the term.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from catalog.choices import BillingMode
from catalog.rules.pricing import EXACT
from partner_center.actors import Actor
from resources.models import CloudResource

from ..models import Charge
from ..rules.costs import MOST_BUCKETS, Bucket, days, months, share
from . import amounts, api, projects

__all__ = ["MOST_BUCKETS", "Bucket", "CostRow", "Filter", "GroupKey", "cost_rows", "days", "months"]

#: Paid for a term in advance: what amortising spreads.
PREPAID = (BillingMode.YEARLY_MONTHLY, BillingMode.RESERVED_UPFRONT, BillingMode.PACKAGE)
#: Dimensions that every charge has the same value of.
CONSTANT = {"AZ_CODE": "", "BE_ID": ""}
#: Dimension → where a charge keeps it.
PATHS = {
    "CLOUD_SERVICE_TYPE": "service_type__code",
    "RESOURCE_TYPE": "product__resource_type__code",
    "ASSOCIATED_ACCOUNT": "customer__public_id",
    "PAYER_ACCOUNT_ID": "customer__public_id",
    "REGION_CODE": "region__code",
    "RES_SPEC_CODE": "product__spec__code",
    "USAGE_TYPE": "product__usage_type__code",
    "RESOURCE_ID": "resource_id",
}
DIMENSIONS = (*PATHS, *CONSTANT, "ENTERPRISE_PROJECT_ID", "CHARGING_MODE", "BILL_TYPE")


@dataclass(frozen=True)
class GroupKey:
    """One dimension, tag or cost unit to group by."""

    kind: str
    key: str


@dataclass(frozen=True)
class Filter:
    """Only, or all but, what has one of the values."""

    dimension: GroupKey
    values: Sequence[str]
    excludes: bool


@dataclass
class CostRow:
    """The costs of one combination of values: by bucket and in all (due, list price)."""

    values: tuple[str, ...]
    by_bucket: dict[str, tuple[Decimal, Decimal]]

    @property
    def total(self) -> tuple[Decimal, Decimal]:
        """Over the whole span."""
        due = official = Decimal(0)
        for one, other in self.by_bucket.values():
            due, official = EXACT.add(due, one), EXACT.add(official, other)
        return due, official


def cost_rows(
    actor: Actor,
    buckets: Sequence[Bucket],
    groups: Sequence[GroupKey],
    filters: Iterable[Filter],
    *,
    amortized: bool,
) -> list[CostRow]:
    """One row for each combination of values that has costs in the span, dearest first."""
    customers = api.customers_of(actor, api.Accounts())
    rows = _narrowed(Charge.objects.filter(customer__in=customers), filters)
    names = {f"group_{number}": _value(group) for number, group in enumerate(groups)}
    rows = rows.annotate(**names)
    found: dict[tuple[str, ...], dict[str, tuple[Decimal, Decimal]]] = defaultdict(dict)
    _add_charged(found, rows, buckets, list(names), amortized=amortized)
    if amortized:
        _add_spread(found, rows, buckets, list(names))
    listed = [CostRow(values, by_bucket) for values, by_bucket in found.items()]
    return sorted(listed, key=lambda row: (-row.total[0], row.values))


def _add_charged(
    found: dict[tuple[str, ...], dict[str, tuple[Decimal, Decimal]]],
    rows: QuerySet[Charge],
    buckets: Sequence[Bucket],
    names: Sequence[str],
    *,
    amortized: bool,
) -> None:
    """What was charged in the span, where it was charged; without what is spread."""
    first, last = buckets[0], buckets[-1]
    spent = rows.filter(
        cycle__range=(first.name[:7], last.name[:7]), spent_on__range=(first.first, last.last)
    )
    if amortized:
        spent = spent.exclude(mode__in=PREPAID)
    by_month = len(first.name) == len("2026-11")
    when = "cycle" if by_month else "spent_on"
    sums = spent.values(*names, when).annotate(due=Sum(amounts.due()), official=Sum("list_amount"))
    for row in sums.order_by():
        _add(found, row, names, str(row[when]), (row["due"], row["official"]))


def _add_spread(
    found: dict[tuple[str, ...], dict[str, tuple[Decimal, Decimal]]],
    rows: QuerySet[Charge],
    buckets: Sequence[Bucket],
    names: Sequence[str],
) -> None:
    """What was paid for terms that touch the span, each bucket with its part of the term."""
    begins, ends = buckets[0].begins, buckets[-1].ends
    terms = rows.filter(mode__in=PREPAID, started_at__lt=ends, ended_at__gt=begins)
    for row in terms.annotate(due=amounts.due()).values(
        *names, "started_at", "ended_at", "due", "list_amount"
    ):
        term: tuple[datetime, datetime] = (row["started_at"], row["ended_at"])
        for bucket in buckets:
            part = (share(row["due"], term, bucket), share(row["list_amount"], term, bucket))
            if any(part):
                _add(found, row, names, bucket.name, part)


def _add(
    found: dict[tuple[str, ...], dict[str, tuple[Decimal, Decimal]]],
    row: Mapping[str, Any],
    names: Sequence[str],
    bucket: str,
    part: tuple[Decimal, Decimal],
) -> None:
    values = tuple(str(row[name]) for name in names)
    due, official = found[values].get(bucket, (Decimal(0), Decimal(0)))
    found[values][bucket] = (EXACT.add(due, part[0]), EXACT.add(official, part[1]))


def _narrowed(rows: QuerySet[Charge], filters: Iterable[Filter]) -> QuerySet[Charge]:
    for number, each in enumerate(filters):
        name = f"filter_{number}"
        among = Q(**{f"{name}__in": list(each.values)})
        rows = rows.alias(**{name: _value(each.dimension)})
        rows = rows.exclude(among) if each.excludes else rows.filter(among)
    return rows


def _value(group: GroupKey) -> Combinable:
    """The text of one dimension of a charge; empty for what it has none of."""
    if group.kind == "tag":
        of_resource = CloudResource.objects.filter(
            account=OuterRef("customer"), resource_id=OuterRef("resource_id")
        )
        tag = Subquery(of_resource.values_list(KeyTextTransform(group.key, "tags"))[:1])
        return Coalesce(tag, Value(""), output_field=CharField())
    computed: dict[str, Callable[[], Combinable]] = {
        "ENTERPRISE_PROJECT_ID": projects.code,
        "CHARGING_MODE": lambda: Cast(api.charge_mode(), CharField()),
        "BILL_TYPE": lambda: Cast(api.bill_code(), CharField()),
    }
    if group.kind == "cost_unit" or group.key in CONSTANT:
        return Value(CONSTANT.get(group.key, ""))
    if group.key in computed:
        return computed[group.key]()
    return Coalesce(F(PATHS[group.key]), Value(""), output_field=CharField())
