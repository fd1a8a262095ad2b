"""A month by customer, or by reseller: tables of sums, read a page at a time (05-BQY-14, 06-DBQ-03).

A partner may have thousands of customers: the database adds up and pages, nothing is read beyond the
page that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import RowNumber

from catalog.choices import BillingMode
from catalog.rules.pricing import EXACT
from metering.choices import BillType
from partner_center.actors import Actor
from partner_center.money import places_of

from ..rules.explaining import Terms
from .bills import Month, sums_of

#: Customers on a page, and rows of each; the others are in its details.
CUSTOMERS_A_PAGE = 10
ROWS_A_CUSTOMER = 10
_NOTHING = Decimal(0)
#: Decimals of all columns together that fit on a page of 1,280 px.
MOST_PLACES = 48
#: What names the lines of a row beside its customer, with the columns that hold it.
_KEY = {"product": "product_code", "mode": "mode", "bill_type": "bill_type"}
_COLUMNS = ("list_amount", "settled", "coupons", "before_tax", "tax", "due")


@dataclass(frozen=True)
class Figures:
    """The six amounts of a row. USD, exact; an estimate has no coupons and no tax."""

    list_amount: Decimal
    settled: Decimal
    coupons: Decimal
    tax: Decimal

    @property
    def before_tax(self) -> Decimal:
        """Amount due exclusive of tax."""
        return EXACT.subtract(self.settled, self.coupons)

    @property
    def due(self) -> Decimal:
        """Amount due."""
        return EXACT.add(self.before_tax, self.tax)


@dataclass(frozen=True)
class ProductRow:
    """What of one product was settled under the same terms.

    ``key`` names its lines for an explanation; empty where others of its lines have other terms.
    """

    key: dict[str, str]
    service: str
    product: str
    mode: str
    bill_type: str
    terms: Terms
    figures: Figures


@dataclass(frozen=True)
class Party:
    """One customer, or one reseller, of the page: its total and its largest rows."""

    public_id: str
    account_name: str
    full_name: str
    total: Figures
    rows: Sequence[ProductRow]
    #: Whether it has more rows than these.
    has_more: bool

    @property
    def places(self) -> dict[str, int]:
        """Decimals of each column of amounts."""
        every = [self.total, *(row.figures for row in self.rows)]
        return {name: places_of(getattr(each, name) for each in every) for name in _COLUMNS}

    @property
    def is_wide(self) -> bool:
        """Whether its amounts have so many decimals that they do not fit beside one another."""
        return sum(self.places.values()) > MOST_PLACES


@dataclass(frozen=True)
class Asked:
    """What of the month: part of an account name, customers of one reseller, by customer or reseller."""

    name: str = ""
    reseller: str = ""
    by_reseller: bool = False

    @property
    def party(self) -> str:
        """The column that makes a table of the page."""
        return "partner" if self.by_reseller else "customer"


def parties(actor: Actor, month: Month, asked: Asked, number: str | None) -> Page[Party]:
    """One page of customers or resellers; who pays most comes first."""
    rows = _asked(sums_of(actor, month), asked)
    party, amounts = asked.party, _amounts(month)
    totals = rows.values(
        key=F(party),
        public_id=F(f"{party}__public_id"),
        account_name=F(f"{party}__name"),
        full_name=F(f"{party}__full_name"),
    ).order_by()
    totals = totals.annotate(**amounts).order_by("-settled_sum", "account_name")
    page = Paginator(totals, CUSTOMERS_A_PAGE).get_page(number)
    heads: list[dict[str, Any]] = list(page.object_list)
    details = _rows_of(rows, party, [head["key"] for head in heads], amounts)
    page.object_list = [_party(head, details.get(head["key"], [])) for head in heads]
    return page


def resellers(actor: Actor, month: Month) -> list[tuple[str, str]]:
    """Public IDs and names of the resellers of the month, for the filter of distributors."""
    rows = sums_of(actor, month).exclude(partner=actor.account_id)
    names = rows.values_list("partner__public_id", "partner__name").distinct()
    return list(names.order_by("partner__name"))


def _asked(rows: QuerySet, asked: Asked) -> QuerySet:
    if asked.name:
        wanted = Q(**{f"{asked.party}__name__icontains": asked.name})
        rows = rows.filter(wanted | Q(**{f"{asked.party}__full_name__icontains": asked.name}))
    if asked.reseller:
        rows = rows.filter(partner__public_id=asked.reseller)
    return rows


def _amounts(month: Month) -> dict[str, Combinable]:
    names = ["list_amount", "settled", "lines"]
    if not month.is_estimate:
        names += ["coupons", "tax"]
    return {f"{name}_sum": Sum(name) for name in names}


def _rows_of(
    rows: QuerySet, party: str, keys: Sequence[int], amounts: dict[str, Combinable]
) -> dict[int, list[dict[str, Any]]]:
    """The largest rows of each, by the key of their customer or reseller."""
    grouped = rows.filter(**{f"{party}__in": keys}).values(
        "mode",
        "bill_type",
        "settlement",
        "percent",
        "unit_price",
        key=F(party),
        service=F("service_type__name"),
        product_code=F("product__code"),
        product_name=F("product__name"),
    )
    grouped = grouped.order_by().annotate(**amounts)
    place = Window(
        RowNumber(),
        partition_by=F("key"),
        order_by=[F("settled_sum").desc(), F("product_name"), F("mode"), F("bill_type")],
    )
    same = Window(Count("*"), partition_by=[F(name) for name in ("key", *_KEY.values())])
    grouped = grouped.annotate(place=place, terms=same).filter(place__lte=ROWS_A_CUSTOMER + 1)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in grouped.order_by("key", "place"):
        found.setdefault(row["key"], []).append(row)
    return found


def _figures(row: dict[str, Any]) -> Figures:
    coupons, tax = row.get("coupons_sum") or _NOTHING, row.get("tax_sum") or _NOTHING
    return Figures(row["list_amount_sum"], row["settled_sum"], coupons, tax)


def _party(head: dict[str, Any], rows: Sequence[dict[str, Any]]) -> Party:
    return Party(
        public_id=head["public_id"],
        account_name=head["account_name"],
        full_name=head["full_name"],
        total=_figures(head),
        rows=[_product(row) for row in rows[:ROWS_A_CUSTOMER]],
        has_more=len(rows) > ROWS_A_CUSTOMER,
    )


def _product(row: dict[str, Any]) -> ProductRow:
    return ProductRow(
        key={name: row[column] for name, column in _KEY.items()} if row["terms"] == 1 else {},
        service=row["service"],
        product=row["product_name"],
        mode=str(BillingMode(row["mode"]).label),
        bill_type=str(BillType(row["bill_type"]).label),
        terms=Terms(row["settlement"], row["percent"], row["unit_price"]),
        figures=_figures(row),
    )
