"""Why an amount of a bill is what it is: from a sum to its customers, to lines, to one line.

Sums come from the sums of the bill; lines are read by customer, newest first, a page at a time, by the
index of the charges: nothing is counted and nothing skipped, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import Account
from catalog.rules.pricing import EXACT
from customers.choices import AssociationModel
from metering.choices import BillType
from metering.models import Charge, UsageRecord
from metering.queries.details import facts_of
from metering.rules.sums import exact_sum
from metering.rules.wording import bill_type_words, last_second, trade_number
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.money import places_of
from partner_center.refusals import NotFound

from ..models import Bill, BillLine, CouponEntry, CouponUse, SettledCharge
from ..permissions import VIEW_BILLS
from ..rules import taxes as tax_rules
from ..rules.explaining import Settled, Taxes, Terms
from ..rules.trees import OTHERS
from . import taxes
from .bills import Month, get_month, sums_of

CUSTOMERS_A_PAGE = 10
LINES_A_PAGE = 10
#: Terms that a sum names one by one.
MOST_TERMS = 8
_SELECTED = (
    "customer",
    "partner",
    "product__spec__size_unit",
    "service_type",
    "region",
    "usage_unit",
    "pricing_unit",
    "record__source",
)
#: Names of a key of lines, as columns of sums and charges alike.
_COLUMNS = {
    "service": "service_type",
    "type": "product__resource_type",
    "mode": "mode",
    "product": "product__code",
    "bill_type": "bill_type",
    "customer": "customer__public_id",
    "reseller": "partner__public_id",
    "region": "region__code",
}


@dataclass(frozen=True)
class Customer:
    """One customer's part of a sum. USD, exact."""

    public_id: str
    account_name: str
    lines: int
    amount: Decimal


@dataclass(frozen=True)
class Explained:
    """What a sum is made of: by terms, and by customer. USD, exact."""

    list_amount: Decimal
    settled: Decimal
    coupons: Decimal
    tax: Decimal
    lines: int
    terms: Sequence[tuple[str, Decimal]]
    customers: Page[Customer]

    @property
    def due(self) -> Decimal:
        """Settlement amount − coupons + tax."""
        return EXACT.add(EXACT.subtract(self.settled, self.coupons), self.tax)


@dataclass(frozen=True)
class Line:
    """One line of a list: its charge with what it was settled at."""

    charge: Charge
    settled: Decimal


@dataclass(frozen=True)
class Lines:
    """Some lines, newest first; ``after`` finds those that follow, empty when there are none."""

    rows: Sequence[Line]
    after: str

    @property
    def places(self) -> int:
        """Decimals of the column."""
        return places_of(row.settled for row in self.rows)


@dataclass(frozen=True)
class OneLine:
    """A line with its charge and its bill, for the computation."""

    charge: Charge
    bill: Bill | None
    settled: Settled

    @property
    def trade(self) -> str:
        """Order or transaction ID."""
        return trade_number(self.charge.order_no, self.charge.pk)

    @property
    def bill_type(self) -> str:
        """``Expenditure - hourly billing``."""
        return bill_type_words(self.charge.bill_type, self.charge.mode)

    @property
    def ends(self) -> datetime:
        """Its last second."""
        return last_second(self.charge.ended_at)


def explain_sum(
    actor: Actor, month: Month, key: Mapping[str, Any], number: str | None
) -> Explained:
    """What the lines of a key come to. Raises NotFound when the month has none of them."""
    rows = sums_of(actor, month).filter(condition(key))
    amounts = _amounts(month)
    by_terms = list(
        rows.values("settlement", "percent", "unit_price").order_by().annotate(**amounts)
    )
    if not by_terms:
        raise NotFound
    names = {"public_id": F("customer__public_id"), "account_name": F("customer__name")}
    customers = rows.values(**names).order_by().annotate(amount=Sum("settled"), count=Sum("lines"))
    page = Paginator(customers.order_by("-amount", "account_name"), CUSTOMERS_A_PAGE)
    found = page.get_page(number)
    found.object_list = [
        Customer(row["public_id"], row["account_name"], row["count"], row["amount"])
        for row in found.object_list
    ]
    return Explained(
        list_amount=_total(by_terms, "list_amount"),
        settled=_total(by_terms, "settled"),
        coupons=_total(by_terms, "coupons"),
        tax=_total(by_terms, "tax"),
        lines=sum(row["lines_sum"] for row in by_terms),
        terms=_terms(by_terms),
        customers=found,
    )


def lines_of(
    actor: Actor, month: Month, key: Mapping[str, Any], customer: str, after: str
) -> Lines:
    """Some lines of a key and one customer, those after a place, newest first."""
    found = Account.objects.filter(public_id=customer).values_list("pk", flat=True).first()
    rows = _charges(actor, month.cycle).filter(condition(key), customer_id=found)
    if (place := _place(after)) is not None:
        moment, number = place
        rows = rows.filter(
            Q(charged_at__lt=moment) | Q(charged_at=moment, record_id__lt=number),
            charged_at__lte=moment,
        )
    charges = list(rows.select_related(*_SELECTED)[: LINES_A_PAGE + 1])
    shown = charges[:LINES_A_PAGE]
    amounts = _amounts_of(month, [charge.pk for charge in shown])
    last = shown[-1] if len(charges) > LINES_A_PAGE else None
    return Lines(
        [Line(charge, amounts[charge.pk]) for charge in shown if charge.pk in amounts],
        f"{last.charged_at.isoformat()}_{last.pk}" if last else "",
    )


def get_line(actor: Actor, record_id: int) -> OneLine:
    """One line of the actor's own bills or estimates. Raises NotFound for any other, and for resellers:
    they pay no line.
    """
    actor.require(VIEW_BILLS)
    # Its cycle first: it decides the partitions that are read.
    record = UsageRecord.objects.filter(pk=record_id).values("cycle").first() or {"cycle": ""}
    rows = SettledCharge.objects.filter(payer=actor.account_id, cycle=record["cycle"])
    if (settled := rows.filter(pk=record_id).first()) is None:
        raise NotFound
    month = get_month(actor, BillingCycle.parse(settled.cycle))
    charges = _charges(actor, month.cycle).select_related(*_SELECTED)
    charge = charges.get(pk=record_id)
    if month.bill is None:
        return OneLine(charge, None, _of_estimate(charge, settled))
    return OneLine(charge, month.bill, _of_bill(month.bill, charge, settled))


def coupons_of(bill: Bill) -> list[CouponEntry]:
    """What each coupon paid of a bill, or got back by it, the largest first."""
    return list(bill.coupon_entries.select_related("coupon").order_by("amount", "pk"))


def has_adjustments(bill: Bill) -> bool:
    """Whether the bill has adjustments, even if they come to zero (05-BIL-18)."""
    return bool(bill.adjustments) or bill.sums.filter(bill_type=BillType.ADJUSTMENT).exists()


def names_of(actor: Actor, month: Month, key: Mapping[str, Any]) -> list[str]:
    """The names of what a key means, from the service down to the customer."""
    rows = sums_of(actor, month).filter(condition(key))
    row = rows.select_related(
        "customer", "partner", "service_type", "product__resource_type", "region"
    ).first()
    if row is None:
        raise NotFound
    place = _("Others") if key.get("place") == OTHERS else str(row.region or "")
    words = {
        "bill_type": row.get_bill_type_display(),
        "market": _("Marketplace") if key.get("market") == "marketplace" else _("Cloud"),
        "service": row.service_type.name,
        "region": str(row.region or ""),
        "place": place,
        "type": row.product.resource_type.name,
        "product": row.product.name,
        "mode": row.get_mode_display(),
        "reseller": row.partner.name,
        "customer": row.customer.name,
    }
    return [str(word) for name, word in words.items() if name in key and word]


def condition(key: Mapping[str, Any]) -> Q:
    """The key of a node or a cell as a condition on sums and charges alike."""
    found = Q(**{_COLUMNS[name]: value for name, value in key.items() if name in _COLUMNS})
    if (place := key.get("place")) == OTHERS:
        return found & (Q(region=None) | ~Q(bill_type=BillType.EXPENDITURE))
    if place:
        return found & Q(region__code=place, bill_type=BillType.EXPENDITURE)
    if market := key.get("market"):
        return found & Q(service_type__is_marketplace=market == "marketplace")
    return found


def _charges(actor: Actor, cycle: BillingCycle) -> QuerySet[Charge]:
    """Charges of a cycle that the actor pays, newest first: each is one line."""
    payer = Q(distributor=actor.account_id) | Q(distributor=None, partner=actor.account_id)
    rows = Charge.objects.filter(payer, cycle=str(cycle), model=AssociationModel.RESELLER)
    return rows.order_by("-charged_at", "-record_id")


def _amounts(month: Month) -> dict[str, Sum]:
    names = ["list_amount", "settled", "lines"]
    if not month.is_estimate:
        names += ["coupons", "tax"]
    return {f"{name}_sum": Sum(name) for name in names}


def _total(rows: Iterable[Mapping[str, Any]], name: str) -> Decimal:
    return exact_sum(row.get(f"{name}_sum") or Decimal(0) for row in rows)


def _terms(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Decimal]]:
    """What each of the terms took off, the largest first; those beyond the most come together."""
    found = [
        (
            Terms(row["settlement"], row["percent"], row["unit_price"]).words,
            EXACT.subtract(row["list_amount_sum"], row["settled_sum"]),
        )
        for row in rows
    ]
    found.sort(key=lambda each: each[1], reverse=True)
    named, rest = found[:MOST_TERMS], found[MOST_TERMS:]
    if rest:
        named.append((_("Other terms"), exact_sum(amount for _words, amount in rest)))
    return named


def _place(after: str) -> tuple[datetime, int] | None:
    moment, _sign, number = after.partition("_")
    try:
        return datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None


def _amounts_of(month: Month, record_ids: Sequence[int]) -> dict[int, Decimal]:
    """Settlement amounts by number: of the bill, or as they would be settled now."""
    rows: QuerySet = SettledCharge.objects.filter(cycle=str(month.cycle))
    if month.bill is not None:
        rows = BillLine.objects.filter(cycle=str(month.cycle), bill=month.bill)
    return dict(rows.filter(record_id__in=record_ids).values_list("record_id", "settled"))


def _of_bill(bill: Bill, charge: Charge, view: SettledCharge) -> Settled:
    line = BillLine.objects.get(cycle=charge.cycle, record_id=charge.pk, bill=bill)
    return Settled(
        facts=facts_of(charge),
        terms=Terms(line.settlement, line.percent, line.unit_price),
        cycle=charge.cycle,
        mode=charge.mode,
        is_order=bool(charge.order_no),
        settled=line.settled,
        coupons_total=line.coupons,
        tax=line.tax,
        is_issued=True,
        coupons=_coupons(line),
        taxes=_taxes(bill, view.at),
    )


def _coupons(line: BillLine) -> list[tuple[str, Decimal]]:
    """Each coupon with what it paid of the line; of a refund also what does not go back (CPR-06)."""
    uses = CouponUse.objects.filter(cycle=line.cycle, record_id=line.pk).select_related("coupon")
    named = [(str(use.coupon), use.amount) for use in uses.order_by("pk")]
    rest = EXACT.subtract(line.coupons, exact_sum(amount for _name, amount in named))
    return [*named, (_("of the order, not returned"), rest)] if rest else named


def _taxes(bill: Bill, at: datetime) -> Taxes:
    """The taxes of a transaction of that moment."""
    spans = tax_rules.spans(taxes.rules_of(Account.objects.get(pk=bill.account_id)))
    [span] = [span for span in spans if span.starts <= at < span.ends]
    return span.taxes


def _of_estimate(charge: Charge, view: SettledCharge) -> Settled:
    return Settled(
        facts=facts_of(charge),
        terms=Terms(view.settlement, view.percent, view.unit_price),
        cycle=charge.cycle,
        mode=charge.mode,
        is_order=bool(charge.order_no),
        settled=view.settled,
        coupons_total=Decimal(0),
        tax=Decimal(0),
        is_issued=False,
    )
