"""What is offered: categories, services, products of a region, and the terms they are sold for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from ..choices import Origin, Period
from ..models import ListPrice, Product, Region, ServiceType
from ..refusals import term_label
from ..rules.terms import FIXED_TERM_MODES, period_counts
from .prices import prices_at


@dataclass(frozen=True)
class Term:
    """One way to pay for a product in a region: which period, how many, and the price of one.

    ``unit_price`` is per period and unit of size, for usage per pricing unit, for a fixed term per
    hour; ``upfront_price`` is due once. In USD.
    """

    period: str
    counts: tuple[int, ...]
    unit_price: Decimal
    upfront_price: Decimal

    @property
    def label(self) -> str:
        """The term as pages say it."""
        return term_label(self.period, self.counts)


def regions() -> QuerySet[Region]:
    """Regions that are offered to new purchases."""
    return Region.objects.filter(is_offered=True, origin=Origin.CATALOGUE)


def services(category: str = "") -> QuerySet[ServiceType]:
    """Cloud services with something on sale, all or those of a category, by name."""
    sold = Product.objects.on_sale().filter(service_type=OuterRef("pk"))
    rows = ServiceType.objects.filter(Exists(sold), origin=Origin.CATALOGUE)
    return rows.filter(category=category) if category else rows


def categories() -> list[str]:
    """Categories that have services on sale, by name."""
    found = services().exclude(category="").order_by("category")
    return list(found.values_list("category", flat=True).distinct())


#: The order in which the specification lists them (04-P95-01); others follow by name.
_PERCENTILE_ORDER = ("cdn", "aad", "obs", "live", "vpc", "cc", "dc")


def percentile_services() -> list[ServiceType]:
    """Services that may be billed by 95th-percentile bandwidth (04-P95-01, 05-P95-02)."""
    found = ServiceType.objects.filter(has_percentile_billing=True).order_by("name")
    places = {slug: place for place, slug in enumerate(_PERCENTILE_ORDER)}
    return sorted(found, key=lambda row: places.get(row.page_slug, len(places)))


def products(
    region: Region,
    moment: datetime,
    *,
    service_type: ServiceType | None = None,
    mode: str = "",
    partner_kind: str = "",
) -> QuerySet[Product]:
    """Products on sale that have a price in the region at ``moment``, with what pages show of them.

    ``partner_kind``: only what partners of this kind may order on a customer's behalf (04 D-52).
    """
    rows = Product.objects.on_sale().filter(priced_in(region, moment))
    if service_type is not None:
        rows = rows.filter(service_type=service_type)
    if mode:
        rows = rows.filter(mode=mode)
    if partner_kind:
        rows = rows.filter(on_behalf_kinds__contains=[partner_kind])
    return rows.select_related(*SHOWN)


#: What a page or a quote reads of a product beside its own columns.
SHOWN = (
    "service_type",
    "resource_type",
    "spec__size_unit",
    "usage_type",
    "usage_unit",
    "pricing_unit",
)


def priced_in(region: Region, moment: datetime) -> Q:
    """Products with a list price in effect in the region."""
    prices = ListPrice.objects.filter(
        Q(region=region) | Q(region=None), product=OuterRef("pk"), valid_from__lte=moment
    )
    return Q(Exists(prices))


def terms(product: Product, region: Region | None, moment: datetime) -> list[Term]:
    """The terms that a product is sold for in a region, shortest first; of usage the one price."""
    return terms_of([product], region, moment)[product.pk]


def terms_of(
    products: Collection[Product], region: Region | None, moment: datetime
) -> dict[int, list[Term]]:
    """The same of many products, by their keys; two queries."""
    found = prices_at(products, region, moment)
    return {
        product.pk: _terms(
            product, {p: found[product.pk, p] for p in Period.values if (product.pk, p) in found}
        )
        for product in products
    }


def _terms(product: Product, found: dict[str, ListPrice]) -> list[Term]:
    fixed = product.term_months if product.mode in FIXED_TERM_MODES else None
    every = [
        Term(
            period,
            period_counts(period, fixed),
            found[period].unit_price,
            found[period].upfront_price,
        )
        for period in found
    ]
    return [term for term in every if term.counts or term.period == Period.NONE]
