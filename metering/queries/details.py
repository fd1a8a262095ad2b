"""The expenditure details: single charges of a billing cycle, without any delay (04-EXD-01 to 03).

Lists of millions are counted from the roll-ups wherever the filters allow it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from catalog.models import Region, ServiceType
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound
from resources.models import CloudResource

from ..models import Charge, ClosedCycle, DailySpend, MonthlySpend, UsageRecord
from ..permissions import VIEW_EXPENDITURE
from ..rules.explaining import Facts
from ..rules.spending import MOST_EXPORTED
from . import reach

#: A list that only the charges themselves can count is counted and shown up to here.
MOST_COUNTED = 100_000


def list_charges(actor: Actor, cycle: str = "") -> QuerySet[Charge]:
    """The charges of one billing cycle that the actor sees; none without a cycle."""
    return reach.of_partner(actor, Charge.objects.filter(cycle=cycle))


def count_from_sums(actor: Actor, cycle: str, *, manager_id: int | None, **equal: Any) -> int:
    """How many charges have these columns, without reading one of them.

    ``equal`` holds conditions on columns that the roll-ups share with the charges.
    """
    if reach.is_scoped(actor) or manager_id:
        sums = reach.of_partner(actor, DailySpend.objects.filter(cycle=cycle))
    else:
        sums = reach.of_partner(actor, MonthlySpend.objects.filter(cycle=cycle))
    if manager_id:
        sums = sums.filter(reach.attributed_to(manager_id))
    return sums.filter(**equal).aggregate(n=Sum("charges", default=0))["n"]


def get_charge(actor: Actor, record_id: int) -> Charge:
    """One charge with what its explanation prints. Raises NotFound for anything out of reach."""
    actor.require(VIEW_EXPENDITURE)
    record = UsageRecord.objects.filter(pk=record_id).values("cycle").first()
    if record is None:
        raise NotFound
    rows = list_charges(actor, record["cycle"]).select_related(
        "customer",
        "partner",
        "product__spec__size_unit",
        "service_type",
        "region",
        "usage_unit",
        "pricing_unit",
        "record__source",
    )
    if (found := rows.filter(pk=record_id).first()) is None:
        raise NotFound
    return found


def facts_of(charge: Charge) -> Facts:
    """The columns that explain the charge's amount; its units must be selected with it."""
    spec = charge.product.spec
    size_unit = spec.size_unit.name if spec and spec.size_unit else ""
    return Facts(
        list_amount=charge.list_amount,
        discount_percent=charge.discount_percent,
        discount_amount=charge.discount_amount,
        usage=charge.usage,
        package_usage=charge.package_usage,
        reserved_usage=charge.reserved_usage,
        savings_usage=charge.savings_usage,
        usage_unit=charge.usage_unit.name if charge.usage_unit else "",
        pricing_total=charge.pricing_total,
        pricing_package=charge.pricing_package,
        pricing_reserved=charge.pricing_reserved,
        pricing_savings=charge.pricing_savings,
        pricing_unit=charge.pricing_unit.name if charge.pricing_unit else "",
        conversion_factor=charge.conversion_factor,
        size=charge.size,
        size_unit=size_unit,
        points=charge.points if charge.product.is_percentile else None,
        days=BillingCycle.parse(charge.origin_cycle or charge.cycle).days,
        unit_price=charge.unit_price,
        period=charge.get_period_display() if charge.period else "",
        period_count=charge.period_count,
        quantity=charge.quantity,
        is_refund=charge.bill_type == "refund",
    )


def of_trade(text: str) -> Q:
    """Condition: the charge of this order or transaction ID (05-BFD column 20)."""
    number = Q(pk=int(text), order_no="") if text.isdecimal() and len(text) < 19 else Q(pk=None)
    return Q(order_no=text) | number


def of_resource(rows: QuerySet[Charge], resource_id: str) -> QuerySet[Charge]:
    """The charges of one resource. Its customers are found first: they have an index."""
    owners = list(
        CloudResource.objects.filter(resource_id=resource_id).values_list("account_id", flat=True)
    )
    rows = rows.filter(resource_id=resource_id)
    return rows.filter(customer__in=owners) if owners else rows


def of_resources_named(rows: QuerySet[Charge], text: str) -> QuerySet[Charge]:
    """The charges of resources whose name contains the text."""
    named = CloudResource.objects.filter(
        account=OuterRef("customer"), resource_id=OuterRef("resource_id"), name__icontains=text
    )
    return rows.filter(Exists(named))


def nonzero() -> Q:
    """Condition: there is something due (Hide 0 Expenditures)."""
    return ~Q(list_amount=F("discount_amount"))


def status_word() -> Case:
    """Expression over charges: whether their cycle has been billed."""
    billed = Exists(ClosedCycle.objects.filter(cycle=OuterRef("cycle")))
    return Case(When(billed, then=Value("Billed")), default=Value("Not billed yet"))


def services(actor: Actor) -> QuerySet[ServiceType]:
    """Cloud services by name, for filters."""
    actor.require(VIEW_EXPENDITURE)
    return ServiceType.objects.order_by("name")


def regions(actor: Actor) -> QuerySet[Region]:
    """Regions by name, for filters."""
    actor.require(VIEW_EXPENDITURE)
    return Region.objects.order_by("name")


def in_period(actor: Actor, begins: datetime, ends: datetime) -> QuerySet[Charge]:
    """Charges whose transaction time lies from ``begins`` to before ``ends``, for files.

    A late record is charged in a later cycle than that of its time, never in an earlier one.
    """
    rows = Charge.objects.filter(
        cycle__gte=str(BillingCycle.of(begins)), charged_at__gte=begins, charged_at__lt=ends
    )
    return reach.of_partner(actor, rows)


def is_more_than(rows: QuerySet[Charge], most: int = MOST_EXPORTED) -> bool:
    """Whether there are more rows than that; stops counting there."""
    return rows.order_by().values("pk")[: most + 1].count() > most


def may_be_more_than(actor: Actor, begins: datetime, most: int = MOST_EXPORTED) -> bool:
    """Whether the roll-ups leave room for more charges than that since the cycle of ``begins``."""
    sums = reach.of_partner(
        actor, DailySpend.objects.filter(cycle__gte=str(BillingCycle.of(begins)))
    )
    return sums.aggregate(n=Sum("charges", default=0))["n"] > most
