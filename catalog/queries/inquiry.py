"""What a price inquiry of the API asks of the catalogue: finding products by codes, converting units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from ..models import Product, Region, ResourceType, ServiceType, UnitConversion
from ..refusals import (
    NoSuchProduct,
    NoSuchRegion,
    NoSuchResourceType,
    NoSuchService,
    NoSuchUsageFactor,
    NoSuchZone,
    WrongUnit,
)
from ..rules.pricing import EXACT, to_pricing_unit
from .goods import SHOWN, priced_in


@dataclass(frozen=True)
class Wanted:
    """A product as an inquiry names it: codes only."""

    service: str
    resource_type: str
    spec: str
    region: str
    zone: str = ""


def find_product(
    wanted: Wanted,
    moment: datetime,
    *,
    mode: str,
    usage_factor: str = "",
    payment_option: str = "",
) -> tuple[Product, Region]:
    """The product on sale that the codes name, and its region.

    Raises NoSuchService, NoSuchResourceType, NoSuchRegion, NoSuchZone, NoSuchUsageFactor,
    NoSuchProduct.
    """
    if not ServiceType.objects.filter(code=wanted.service).exists():
        raise NoSuchService(wanted.service)
    types = ResourceType.objects.filter(
        code=wanted.resource_type, service_type__code=wanted.service
    )
    if not types.exists():
        raise NoSuchResourceType(wanted.resource_type)
    region = _region(wanted)
    rows = Product.objects.on_sale().filter(
        priced_in(region, moment), resource_type__in=types, spec__code=wanted.spec, mode=mode
    )
    rows = rows.filter(is_spot=False, payment_option=payment_option).select_related(*SHOWN)
    if usage_factor:
        by_factor = rows.filter(usage_type__code=usage_factor)
        if rows.exists() and not by_factor.exists():
            raise NoSuchUsageFactor(usage_factor)
        rows = by_factor
    if (found := rows.order_by("pk").first()) is None:
        raise NoSuchProduct(wanted.spec, region.name)
    return found, region


def _region(wanted: Wanted) -> Region:
    region = Region.objects.filter(code=wanted.region, is_offered=True).first()
    if region is None:
        raise NoSuchRegion(wanted.region)
    if wanted.zone and wanted.zone not in region.zones:
        raise NoSuchZone(wanted.zone, region.name)
    return region


def in_pricing_unit(product: Product, usage: Decimal, unit_id: int) -> Decimal:
    """``usage`` of a unit in the product's pricing unit, truncated to 10 decimals.

    Raises WrongUnit when the unit does not convert into it.
    """
    if unit_id == product.usage_unit_id:
        return to_pricing_unit(usage, product.conversion_factor)
    factor = _factor(unit_id, product.pricing_unit_id)
    if factor is None:
        raise WrongUnit(unit_id)
    return to_pricing_unit(EXACT.multiply(usage, factor[0]), factor[1])


def in_size_unit(product: Product, size: int, unit_id: int | None) -> int:
    """A size in the unit of the product's specification. Raises WrongUnit."""
    spec = product.spec
    if spec is None or spec.size_unit_id is None:
        return size
    factor = None if unit_id is None else _factor(unit_id, spec.size_unit_id)
    if factor is None or factor[1] != 1:
        raise WrongUnit(unit_id or 0)
    return size * int(factor[0])


def _factor(unit_id: int, target_id: int | None) -> tuple[Decimal, Decimal] | None:
    """By what to multiply and divide, to come from one unit to the other; None: by nothing."""
    if unit_id == target_id:
        return Decimal(1), Decimal(1)
    rows = UnitConversion.objects.filter(
        Q(unit=unit_id, reference=target_id) | Q(unit=target_id, reference=unit_id)
    )
    if (found := rows.first()) is None:
        return None
    ratio = Decimal(found.ratio)
    return (ratio, Decimal(1)) if found.unit_id == unit_id else (Decimal(1), ratio)
