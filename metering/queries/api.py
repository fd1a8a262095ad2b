"""A customer's own charges for the API (B.29 to B.31): grouped by month, by day, or one by one.

Amounts are in USD, exact; the API prints 8 decimals. What a Reseller customer's partner settles
stands in the credit column, everything else is cash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, Sum, Value, When

from accounts.models import Account, EnterpriseMember
from catalog.choices import BillingMode, Period
from customers.choices import AssociationModel
from partner_center.actors import Actor
from partner_center.amounts import AmountField
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound

from ..choices import BillType
from ..models import Charge, MonthlySpend
from ..permissions import VIEW_OWN_BILLS
from ..refusals import TooManyMembers
from ..rules import vendor_codes as codes
from ..rules.explaining import Facts, formula
from ..rules.wording import last_second, trade_number
from . import amounts, details, projects

MOST_MEMBERS = 1000
BY_CYCLE, BY_DAY, SINGLE = 1, 2, 3


@dataclass(frozen=True)
class Accounts:
    """Whose charges are asked for: ``all`` (own and members), ``oneself`` or ``sub_customer``."""

    method: str = "all"
    member: str = ""


@dataclass(frozen=True)
class Asked:
    """What of a month is asked for. None: no filter; an empty text finds what is empty."""

    cycle: str
    accounts: Accounts = field(default_factory=Accounts)
    service: str | None = None
    resource_type: str | None = None
    region: str | None = None
    resource_id: str | None = None
    trade: str | None = None
    charge_mode: int | None = None
    bill_type: int | None = None
    project: str | None = None
    with_zero: bool | None = None
    begins: date | None = None
    ends: date | None = None


def customers_of(actor: Actor, asked: Accounts) -> list[int]:
    """Keys of the accounts. Raises NotFound for a foreign member, TooManyMembers above 1,000."""
    actor.require(VIEW_OWN_BILLS)
    if asked.method == "oneself":
        return [actor.account_id]
    members = EnterpriseMember.objects.visible_to(actor)
    if asked.method == "sub_customer":
        found = members.filter(member__public_id=asked.member).values_list("member", flat=True)
        own = Account.objects.filter(pk=actor.account_id, public_id=asked.member)
        keys = list(found) or list(own.values_list("pk", flat=True))
        if not keys:
            raise NotFound
        return keys
    keys = list(members.values_list("member", flat=True)[: MOST_MEMBERS + 1])
    if len(keys) > MOST_MEMBERS:
        raise TooManyMembers
    return [actor.account_id, *keys]


def monthly_sums(actor: Actor, asked: Asked) -> QuerySet[Any, dict[str, Any]]:
    """One row for each account, service, resource type, mode and kind of bill (B.29)."""
    customers = customers_of(actor, asked.accounts)
    rows: QuerySet[Any] = MonthlySpend.objects.filter(customer__in=customers, cycle=asked.cycle)
    if asked.project is not None:
        charges = Charge.objects.filter(customer__in=customers, cycle=asked.cycle)
        rows = projects.narrowed(charges, asked.project)
    if asked.service is not None:
        rows = rows.filter(service_type__code=asked.service)
    grouped = rows.annotate(charging_mode=charge_mode()).values(
        "customer_id", "service_type_id", "product__resource_type_id", "charging_mode", "bill_type"
    )
    named = grouped.annotate(
        customer_uid=F("customer__public_id"),
        account_name=F("customer__name"),
        service_code=F("service_type__code"),
        service_name=F("service_type__name"),
        resource_type_code=F("product__resource_type__code"),
        resource_type_name=F("product__resource_type__name"),
        **money_columns(),
    )
    return named.order_by(
        "account_name", "service_name", "resource_type_name", "charging_mode", "bill_type"
    )


def resource_rows(actor: Actor, asked: Asked, statistic: int) -> QuerySet[Any, dict[str, Any]]:
    """Rows by resource: of the month (1), of each day (2), or single charges (3) (B.30, B.31)."""
    customers = customers_of(actor, asked.accounts)
    names = _NAMES | projects.columns(customers)
    rows = _filtered(customers, asked).annotate(
        charging_mode=charge_mode(), bill_code=bill_code(), **names
    )
    keys = [*_KEYS, *names]
    if statistic == BY_DAY:
        keys.append("spent_on")
    if statistic == SINGLE:
        single = rows.annotate(
            resource_name=F("record__resource_name"),
            accepted_at=F("record__accepted_at"),
            **_single_columns(),
        )
        named = single.values(*keys, *_SINGLE, "resource_name", "accepted_at", *_MONEY)
        return named.order_by("-charged_at", "-pk")
    grouped = rows.values(*keys).annotate(
        resource_name=Max("record__resource_name"), **_quantities(), **money_columns()
    )
    return grouped.order_by(*(["-spent_on"] if statistic == BY_DAY else []), "-official", *_KEYS)


def words_of(row: dict[str, Any]) -> dict[str, Any]:
    """What the API says of a row of ``resource_rows`` besides its columns.

    Of single charges: trade number, formula, last second, kind of payment, spot (``--`` for what
    cannot be), kinds of discount: 607 authorised by the partner, 609 price adjustment of the order.
    """
    by_use = row["charging_mode"] == codes.CHARGE_MODES[BillingMode.PAY_PER_USE]
    period = Period.HOUR if by_use else row["period"]
    found = {"period_code": codes.PERIODS.get(period), "trade": row["order_no"]}
    if "pk" not in row:
        return found
    return found | {
        "trade": trade_number(row["order_no"], row["pk"]),
        "formula": formula(_facts(row)),
        "last_second": last_second(row["ended_at"]),
        "payment_type": codes.PAYMENT_TYPES.get(row["payment_option"]),
        "spot": ("Y" if row["is_spot"] else "N") if by_use else "--",
        "promotion": ("607" if row["discount_percent"] else "609") if row["discount"] else None,
    }


def _facts(row: dict[str, Any]) -> Facts:
    return Facts(
        list_amount=row["official"],
        discount_percent=row["discount_percent"],
        discount_amount=row["discount"],
        pricing_total=row["pricing_total"],
        pricing_package=row["pricing_package"],
        pricing_reserved=row["pricing_reserved"],
        pricing_savings=row["pricing_savings"],
        pricing_unit=row["pricing_unit_name"] or "",
        size=row["size"],
        size_unit=row["size_unit"] or "",
        points=row["points"] if row["is_percentile"] else None,
        days=BillingCycle.parse(row["origin_cycle"] or row["cycle"]).days,
        unit_price=row["unit_price"],
        period=str(Period(row["period"]).label) if row["period"] else "",
        period_count=row["period_count"],
        quantity=row["quantity"],
        is_refund=row["bill_type"] == BillType.REFUND,
    )


def charge_mode() -> Case:
    """Expression: the vendor's CHARGE_MODE."""
    cases = (When(mode=mode, then=Value(number)) for mode, number in codes.CHARGE_MODES.items())
    return Case(*cases, output_field=IntegerField())


def bill_code() -> Case:
    """Expression over charges: the vendor's BILL_TYPE."""
    refund = Q(bill_type=BillType.REFUND)
    cases = [
        When(refund, order_type=kind, then=Value(code)) for kind, code in codes.OF_REFUNDS.items()
    ]
    cases.append(When(refund, then=Value(codes.UNSUBSCRIPTION)))
    adjustment = Q(bill_type=BillType.ADJUSTMENT)
    cases.append(When(adjustment, list_amount__lt=0, then=Value(codes.COMPENSATION)))
    cases.append(When(adjustment, then=Value(codes.DEDUCTION)))
    cases += [When(order_type=kind, then=Value(code)) for kind, code in codes.OF_ORDERS.items()]
    cases.append(When(mode="savings", then=Value(codes.SAVINGS)))
    return Case(*cases, default=Value(codes.USAGE), output_field=IntegerField())


def money_columns() -> dict[str, Sum]:
    """Sums: list price, discount, due, and how it is settled."""
    return {
        "official": Sum("list_amount"),
        "discount": Sum("discount_amount"),
        "due": Sum(amounts.due()),
        "cash": Sum(_cash()),
        "credit": Sum(amounts.monthly_settlement()),
    }


def _single_columns() -> dict[str, Any]:
    return {
        "official": F("list_amount"),
        "discount": F("discount_amount"),
        "due": amounts.due(),
        "cash": _cash(),
        "credit": amounts.monthly_settlement(),
    }


def _cash() -> Case:
    return Case(
        When(model=AssociationModel.RESELLER, then=amounts.nothing()),
        default=amounts.due(),
        output_field=AmountField(),
    )


def _quantities() -> dict[str, Sum]:
    return {
        "usage": Sum("usage"),
        "package_usage": Sum("package_usage"),
        "reserved_usage": Sum("reserved_usage"),
    }


def _filtered(customers: list[int], asked: Asked) -> QuerySet[Charge]:
    rows = Charge.objects.filter(customer__in=customers, cycle=asked.cycle)
    rows = projects.narrowed(rows, asked.project)
    equal = {
        "service_type__code": asked.service,
        "product__resource_type__code": asked.resource_type,
        "resource_id": asked.resource_id,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value is not None})
    if asked.region is not None:
        rows = rows.filter(region__code=asked.region) if asked.region else rows.filter(region=None)
    if asked.trade is not None:
        rows = rows.filter(details.of_trade(asked.trade)) if asked.trade else rows.none()
    if asked.charge_mode is not None:
        rows = rows.filter(mode__in=codes.modes_of(asked.charge_mode))
    if asked.bill_type is not None:
        wanted = codes.USAGE if asked.bill_type == codes.HOURLY else asked.bill_type
        rows = rows.annotate(asked_code=bill_code()).filter(asked_code=wanted)
    if asked.with_zero is False:
        rows = rows.filter(details.nonzero())
    if asked.begins and asked.ends:
        rows = rows.filter(spent_on__range=(asked.begins, asked.ends))
    return rows


#: What rows share, besides names.
_KEYS = (
    "customer_id",
    "charging_mode",
    "bill_code",
    "service_type_id",
    "product_id",
    "region_id",
    "resource_id",
    "order_no",
    "original_order_no",
    "period",
    "period_count",
    "size",
    "usage_unit_id",
)
_NAMES: dict[str, Any] = {
    "customer_uid": F("customer__public_id"),
    "account_name": F("customer__name"),
    "service_code": F("service_type__code"),
    "service_name": F("service_type__name"),
    "resource_type_code": F("product__resource_type__code"),
    "resource_type_name": F("product__resource_type__name"),
    "region_code": F("region__code"),
    "region_name": F("region__name"),
    "product_code": F("product__code"),
    "product_name": F("product__name"),
    "spec_code": F("product__spec__code"),
    "spec_attributes": F("product__spec__attributes"),
    "size_unit": F("product__spec__size_unit__name"),
    "size_unit_id": F("product__spec__size_unit_id"),
    "usage_type_code": F("product__usage_type__code"),
    "is_spot": F("product__is_spot"),
    "is_percentile": F("product__is_percentile"),
    "payment_option": F("product__payment_option"),
    "pricing_unit_name": F("pricing_unit__name"),
}
_MONEY = ("official", "discount", "due", "cash", "credit")
_SINGLE = (
    "pk",
    "spent_on",
    "started_at",
    "ended_at",
    "charged_at",
    "discount_percent",
    "usage",
    "package_usage",
    "reserved_usage",
    "pricing_total",
    "pricing_package",
    "pricing_reserved",
    "pricing_savings",
    "unit_price",
    "points",
    "cycle",
    "origin_cycle",
    "quantity",
    "bill_type",
)


def total_of(rows: QuerySet[Any, dict[str, Any]]) -> dict[str, Any]:
    """Due, cash and credit over all rows of a grouped query."""
    zero = amounts.nothing()
    names = ("due", "cash", "credit")
    sums = rows.order_by().aggregate(**{f"all_{name}": Sum(name, default=zero) for name in names})
    return {name: sums[f"all_{name}"] for name in names}
