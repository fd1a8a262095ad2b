"""A month by product: sums by service, region, resource type and mode (05-BQY-11, BQY-12)."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from partner_center.actors import Actor

from ..models import MarketplaceDiscount
from ..rules.trees import Group
from .bills import Month, sums_of

_KEYS = {
    "service": F("service_type__name"),
    "region_code": F("region__code"),
    "region_name": F("region__name"),
    "type_id": F("product__resource_type_id"),
    "type": F("product__resource_type__name"),
}


def cloud(actor: Actor, month: Month) -> list[Group]:
    """The operator's cloud services."""
    rows = sums_of(actor, month).filter(service_type__is_marketplace=False)
    return [_group(row) for row in _added_up(rows)]


def marketplace(actor: Actor, month: Month) -> list[Group]:
    """Marketplace products, each with its seller."""
    discounts = MarketplaceDiscount.objects.visible_to(actor).filter(product=OuterRef("product"))
    seller = Subquery(discounts.order_by("-starts_at", "-pk").values("seller")[:1])
    rows = sums_of(actor, month).filter(service_type__is_marketplace=True)
    names = {"product_code": F("product__code"), "product_name": F("product__name")}
    return [_group(row) for row in _added_up(rows, **names, seller=seller)]


def _added_up(rows: QuerySet, **more: object) -> QuerySet:
    keys = _KEYS | more
    rows = rows.values("service_type_id", "mode", "bill_type", **keys).order_by()
    return rows.annotate(amount=Sum("settled"), count=Sum("lines"))


def _group(row: dict) -> Group:
    return Group(
        service_id=row["service_type_id"],
        service=row["service"],
        region_code=row["region_code"] or "",
        region=row["region_name"] or "",
        type_id=row["type_id"],
        type=row["type"],
        mode=row["mode"],
        bill_type=row["bill_type"],
        amount=row["amount"],
        lines=row["count"],
        product_code=row.get("product_code", ""),
        product=row.get("product_name", ""),
        seller=row.get("seller") or "",
    )
