"""Which list price is in effect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from ..choices import Period, PriceState
from ..models import ListPrice, Product, Region
from ..rules.pricing import Tier


def price_at(
    product: Product, region: Region | None, moment: datetime, period: str = Period.NONE
) -> ListPrice | None:
    """The list price in effect at ``moment``, with its tiers; None when there is none.

    One of the region goes before one of all regions; among these the newest that has begun.
    """
    rows = ListPrice.objects.filter(product=product, period=period, valid_from__lte=moment)
    rows = rows.filter(Q(region=region) | Q(region=None)).prefetch_related("tiers")
    return rows.order_by(F("region").asc(nulls_last=True), "-valid_from").first()


def prices_at(
    products: Iterable[Product], region: Region | None, moment: datetime
) -> dict[tuple[int, str], ListPrice]:
    """The prices in effect of many products in one region, by (product, period); two queries."""
    rows = ListPrice.objects.filter(
        Q(region=region) | Q(region=None),
        product__in=[product.pk for product in products],
        valid_from__lte=moment,
    )
    rows = rows.order_by(
        "product_id", "period", F("region").asc(nulls_last=True), "-valid_from"
    ).distinct("product_id", "period")
    return {(row.product_id, row.period): row for row in rows.prefetch_related("tiers")}


def tiers_of(price: ListPrice) -> list[Tier]:
    """The tiers of a price, in order; one from 0 on where it has none."""
    tiers = [Tier(tier.above, tier.unit_price) for tier in price.tiers.all()]
    return sorted(tiers, key=lambda tier: tier.above) or [
        Tier(price.unit_price * 0, price.unit_price)
    ]


SCHEDULED, IN_EFFECT, PAST = PriceState.SCHEDULED, PriceState.IN_EFFECT, PriceState.PAST


def with_state(rows: QuerySet[ListPrice], moment: datetime) -> QuerySet[ListPrice]:
    """Prices with their ``price_state`` at ``moment``, and their tiers."""
    newer = ListPrice.objects.alias(place=Coalesce("region", 0)).filter(
        place=Coalesce(OuterRef("region"), 0),
        product=OuterRef("product"),
        period=OuterRef("period"),
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=moment,
    )
    state = Case(
        When(valid_from__gt=moment, then=Value(SCHEDULED)),
        When(Exists(newer), then=Value(PAST)),
        default=Value(IN_EFFECT),
        output_field=CharField(),
    )
    return rows.annotate(price_state=state).prefetch_related("tiers")


def is_scheduled(price_id: int | str | None, moment: datetime) -> bool:
    """Whether the price is not in effect yet."""
    return ListPrice.objects.filter(pk=price_id, valid_from__gt=moment).exists()
