"""What the console offers: services by category, and what of a service can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from catalog.choices import BillingMode, Period
from catalog.models import ListPrice, Product, Region, ServiceType
from catalog.queries import goods
from catalog.queries.prices import prices_at
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from resources.models import CloudResource

from ..permissions import BUY

#: Modes in the order in which the configuration page offers them; the first is the default (BUY-05).
MODES = (
    BillingMode.YEARLY_MONTHLY,
    BillingMode.PAY_PER_USE,
    BillingMode.RESERVED_UPFRONT,
    BillingMode.RESERVED_HOURLY,
    BillingMode.SAVINGS_PLAN,
    BillingMode.PACKAGE,
)


#: Modes of what runs somewhere; the others reserve or prepay.
_RUNNING = (BillingMode.YEARLY_MONTHLY, BillingMode.PAY_PER_USE)
#: Resource types that the configuration page knows more about.
DISK = "hws.resource.type.volume"
SERVERS = ("hws.resource.type.vm", "hws.resource.type.bms")


@dataclass(frozen=True)
class Shelf:
    """A category with its services."""

    category: str
    services: list[ServiceType]


def shelves(actor: Actor) -> list[Shelf]:
    """All Products: categories with services that have something on sale for the actor."""
    actor.require(BUY)
    found: dict[str, list[ServiceType]] = {}
    for service in _services(actor):
        found.setdefault(service.category, []).append(service)
    return [Shelf(category, found[category]) for category in sorted(found)]


def service(actor: Actor, code: str) -> ServiceType:
    """One service that is offered. Raises NotFound."""
    actor.require(BUY)
    found = next((row for row in _services(actor) if row.code == code), None)
    if found is None:
        raise NotFound
    return found


def _services(actor: Actor) -> list[ServiceType]:
    sold = Product.objects.on_sale().filter(orderable(), service_type=OuterRef("pk"))
    if kind := partner_kind(actor):
        sold = sold.filter(on_behalf_kinds__contains=[kind])
    return list(goods.services().filter(Exists(sold)))


def orderable() -> Q:
    """Products with a price by use or by term: what is sold once, as consulting, has no resource."""
    prices = ListPrice.objects.filter(product=OuterRef("pk")).exclude(period=Period.ONE_TIME)
    return Q(Exists(prices))


def partner_kind(actor: Actor) -> str:
    """Whose rules the choice follows: those of a partner's kind while it orders on behalf."""
    return actor.on_behalf.partner_kind if actor.on_behalf else ""


@dataclass(frozen=True)
class Offer:
    """What the configuration page of a service shows for what is chosen so far."""

    service: ServiceType
    modes: list[tuple[str, str]]
    regions: list[Region]
    products: list[Product]
    terms: list[goods.Term]
    mode: str
    region: Region
    product: Product | None
    #: What the fields hold: what was sent, or the default where that is not possible any more.
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_usage(self) -> bool:
        """Whether the chosen mode is paid by use."""
        return self.mode == BillingMode.PAY_PER_USE

    @property
    def has_duration(self) -> bool:
        """Whether the customer chooses how long."""
        return self.mode in (BillingMode.YEARLY_MONTHLY, BillingMode.PACKAGE)

    @property
    def has_zone(self) -> bool:
        """Whether the customer chooses a zone: reservations and packages cover the whole region."""
        return bool(self.region.zones) and self.mode in _RUNNING

    @property
    def is_linear(self) -> bool:
        """Whether the customer chooses a size."""
        return self.product is not None and self.product.is_linear

    @property
    def is_disk(self) -> bool:
        """Whether the form of a disk applies (08 §10.5)."""
        return self.kind == DISK

    @property
    def kind(self) -> str:
        """Code of the resource type; empty when nothing is offered."""
        return self.product.resource_type.code if self.product else ""


def offer(actor: Actor, code: str, sent: Mapping[str, str], moment: datetime) -> Offer:
    """What can be chosen of a service. What no longer fits gives way to the first that does.

    Raises NotFound when nothing of the service is offered anywhere.
    """
    chosen = service(actor, code)
    regions = list(goods.regions())
    if not regions:
        raise NotFound
    region = _pick(regions, sent.get("region") or _usual_region(actor))
    rows = goods.products(region, moment, service_type=chosen, partner_kind=partner_kind(actor))
    every = list(rows.filter(orderable()))
    modes = [mode for mode in MODES if any(row.mode == mode for row in every)]
    mode = next((m for m in modes if m == sent.get("mode")), modes[0] if modes else "")
    products = [row for row in every if row.mode == mode]
    product = _pick(products, sent.get("product", "")) if products else None
    return Offer(
        service=chosen,
        modes=[(str(m), str(m.label)) for m in modes],
        regions=regions,
        products=products,
        terms=goods.terms(product, region, moment) if product else [],
        mode=str(mode),
        region=region,
        product=product,
        values=dict(sent),
    )


def _usual_region(actor: Actor) -> str:
    """Where the account got its newest resource: most people go on where they are."""
    rows = CloudResource.objects.visible_to(actor).exclude(region=None).order_by("-effective_at")
    return str(rows.values_list("region", flat=True).first() or "")


def _pick(rows: list[Any], key: str) -> Any:
    return next((row for row in rows if str(row.pk) == key), rows[0])


def durations(found: Offer) -> list[tuple[str, str]]:
    """Usage durations as the select shows them: ``month:3`` is 3 months."""
    return [
        (f"{term.period}:{count}", duration_words(term.period, count))
        for term in found.terms
        if term.period in _WORDS
        for count in term.counts
    ]


def duration_words(period: str, count: int) -> str:
    """As people say it: 3 months."""
    one, several = _WORDS[Period(period)]
    return ngettext(one, several, count) % {"n": count}


#: Singular and plural of the periods that terms are sold in.
_WORDS = {
    Period.HOUR: ("%(n)s hour", "%(n)s hours"),
    Period.DAY: ("%(n)s day", "%(n)s days"),
    Period.MONTH: ("%(n)s month", "%(n)s months"),
    Period.YEAR: ("%(n)s year", "%(n)s years"),
}


@dataclass(frozen=True)
class ShownPrice:
    """A product of the product page with its list prices, by period."""

    product: Product
    prices: list[ListPrice]


def prices(found: Offer, actor: Actor, moment: datetime) -> list[ShownPrice]:
    """What a service has in the chosen region and mode, with its list prices; three queries."""
    rows = goods.products(
        found.region, moment, service_type=found.service, partner_kind=partner_kind(actor)
    )
    shown = rows.filter(orderable(), mode=found.mode)
    products = list(shown.order_by("resource_type__name", "name"))
    known = prices_at(products, found.region, moment)
    return [
        ShownPrice(
            product,
            [known[product.pk, key] for key in Period.values if (product.pk, key) in known],
        )
        for product in products
    ]
