"""The catalogue as a dictionary: what the API lists of it (docs/api/bss-api.md B.39 to B.46)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from partner_center.money import plain

from ..choices import BillingMode, Origin, Period
from ..models import (
    ListPrice,
    MeasureUnit,
    Product,
    Region,
    ResourceSpec,
    ResourceType,
    ServiceType,
    UnitConversion,
    UsageType,
)
from ..rules.terms import period_counts
from .goods import priced_in
from .prices import prices_at

#: Billing modes that the API's price list knows.
LISTED_MODES = (BillingMode.YEARLY_MONTHLY, BillingMode.PAY_PER_USE, BillingMode.PACKAGE)


def service_types(name: str = "") -> QuerySet[ServiceType]:
    """Cloud services whose name contains ``name``, by name; no marketplace services."""
    rows = ServiceType.objects.filter(origin=Origin.CATALOGUE, is_marketplace=False)
    return rows.filter(name__icontains=name) if name else rows


def resource_types(service_code: str = "") -> QuerySet[ResourceType]:
    """Resource types, all or those of a service, by name."""
    rows = ResourceType.objects.filter(
        origin=Origin.CATALOGUE, service_type__is_marketplace=False
    ).select_related("service_type")
    return rows.filter(service_type__code=service_code) if service_code else rows


def usage_types(resource_type_code: str = "") -> QuerySet[UsageType]:
    """Usage types, all or those of a resource type."""
    rows = UsageType.objects.filter(
        origin=Origin.CATALOGUE, resource_type__service_type__is_marketplace=False
    ).select_related("resource_type__service_type")
    if resource_type_code:
        rows = rows.filter(resource_type__code=resource_type_code)
    return rows.order_by("resource_type__code", "code")


def measure_units() -> QuerySet[MeasureUnit]:
    """All units."""
    return MeasureUnit.objects.all()


def conversions(measure_type: int | None = None) -> QuerySet[UnitConversion]:
    """How units convert, all or those of one measure type."""
    rows = UnitConversion.objects.select_related("unit").order_by("unit", "reference")
    return rows if measure_type is None else rows.filter(unit__measure_type=measure_type)


def specs(
    region_code: str,
    moment: datetime,
    *,
    modes: Iterable[str],
    service_code: str = "",
    resource_type_code: str = "",
    spec_code: str = "",
    one_time: bool | None = None,
) -> QuerySet[ResourceSpec]:
    """Specifications with something on sale in the region, in one of these billing modes.

    Each carries these products in ``sold``; ``one_time`` tells those that are paid once from those
    that are paid by the period. A region that is not there, or offered no more, has none.
    """
    if (region := _offered(region_code)) is None:
        return ResourceSpec.objects.none()
    sold = Product.objects.on_sale().filter(
        priced_in(region, moment), mode__in=list(modes), is_spot=False
    )
    if one_time is not None:
        once = ListPrice.objects.filter(product=OuterRef("pk"), period=Period.ONE_TIME)
        sold = sold.filter(Exists(once) if one_time else ~Exists(once))
    rows = ResourceSpec.objects.filter(Exists(sold.filter(spec=OuterRef("pk"))))
    wanted = {
        "resource_type__service_type__code": service_code,
        "resource_type__code": resource_type_code,
        "code": spec_code,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    ordered = sold.select_related("usage_type", "pricing_unit").order_by("pk")
    return rows.select_related("resource_type__service_type", "size_unit").prefetch_related(
        Prefetch("products", queryset=ordered, to_attr="sold")
    )


@dataclass(frozen=True)
class PriceRow:
    """One list price in effect, in USD: its term, how many can be bought, and its text."""

    product: Product
    period: str
    counts: tuple[int, ...]
    text: str


def price_rows(
    products: Sequence[Product], region_code: str, moment: datetime
) -> dict[int, list[PriceRow]]:
    """The prices in effect of many products in a region, by product; shortest terms first."""
    found = prices_at(products, _offered(region_code), moment)
    rows: dict[int, list[PriceRow]] = {product.pk: [] for product in products}
    for product in products:
        for period in Period.values:
            if price := found.get((product.pk, period)):
                row = PriceRow(product, period, period_counts(period), plain(price.unit_price))
                rows[product.pk].append(row)
    return rows


def _offered(region_code: str) -> Region | None:
    return Region.objects.filter(code=region_code, is_offered=True).first()
