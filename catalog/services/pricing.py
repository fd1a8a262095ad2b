"""List prices: adding one, changing or withdrawing one that is not in effect yet, many from a file.

A price that has been in effect is history: charges were computed with it. It is neither changed nor
removed, and none is put before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

import audit.services
from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import BillingMode, Period
from ..locks import lock_catalogue
from ..models import ListPrice, PriceTier, Product, Region
from ..permissions import OPERATE_CATALOGUE
from ..queries.prices import tiers_of
from ..refusals import BadValue, PriceBackdated, PriceInEffect, PriceTaken
from ..rules import cells
from ..rules.cells import CellError
from ..rules.pricing import Tier
from ..rules.terms import FIXED_TERM_MODES, period_counts
from .sheets import Lookup

COLUMNS = ("product", "region", "period", "unit_price", "upfront_price", "valid_from", "tiers")
NEEDED = ("product", "unit_price")
_TERMS_OF = {
    BillingMode.PAY_PER_USE: frozenset({Period.NONE}),
    BillingMode.YEARLY_MONTHLY: frozenset({Period.DAY, Period.MONTH, Period.YEAR, Period.ONE_TIME}),
    BillingMode.PACKAGE: frozenset({Period.DAY, Period.MONTH, Period.YEAR, Period.ONE_TIME}),
}


@dataclass(frozen=True)
class PriceLine:
    """A price as somebody states it, in USD; ``valid_from`` absent: from now on."""

    product: Product
    region: Region | None
    period: str
    unit_price: Decimal
    upfront_price: Decimal = Decimal(0)
    valid_from: datetime | None = None
    tiers: tuple[Tier, ...] = ()

    @property
    def place(self) -> tuple[int, int | None, str]:
        """Where it counts: product, region, term."""
        return self.product.pk, self.region.pk if self.region else None, self.period

    def normal(self) -> PriceLine:
        """With tiers, the price is that of the first."""
        return replace(self, unit_price=self.tiers[0].unit_price) if self.tiers else self

    def costs_as(self, price: ListPrice) -> bool:
        """Whether a stored price says the same, apart from its time."""
        return (self.unit_price, self.upfront_price, list(self.tiers)) == (
            price.unit_price,
            price.upfront_price,
            [] if not price.tiers.all() else tiers_of(price),
        )


@transaction.atomic(durable=True)
def set_price(actor: Actor, line: PriceLine) -> ListPrice:
    """Add a price that follows those there are.

    Raises BadValue, PriceBackdated, PriceTaken.
    """
    actor.require(OPERATE_CATALOGUE)
    lock_catalogue()
    book = PriceBook.at(clock.now(), line.product)
    begins, line = book.checked(line)
    if (line.place, begins) in book.stored:
        raise PriceTaken(_words(begins))
    book.take(line)
    book.write(actor)
    return ListPrice.objects.get(
        product=line.product, region=line.region, period=line.period, valid_from=begins
    )


@transaction.atomic(durable=True)
def change_price(actor: Actor, price_id: int, line: PriceLine) -> ListPrice:
    """Change a price that has not been in effect; its product, region and term stay.

    Raises PriceInEffect, BadValue, PriceBackdated, PriceTaken, NotFound.
    """
    actor.require(OPERATE_CATALOGUE)
    lock_catalogue()
    moment = clock.now()
    price = _scheduled(price_id, moment)
    book = PriceBook.at(moment, price.product)
    line = replace(line, product=price.product, region=price.region, period=price.period)
    begins, line = book.checked(line)
    taken = book.stored.get((line.place, begins))
    if taken is not None and taken.pk != price.pk:
        raise PriceTaken(_words(begins))
    _change(actor, price, line)
    return price


@transaction.atomic(durable=True)
def withdraw_price(actor: Actor, price_id: int) -> None:
    """Take back a price that has not been in effect. Raises PriceInEffect, NotFound."""
    actor.require(OPERATE_CATALOGUE)
    lock_catalogue()
    price = _scheduled(price_id, clock.now())
    audit.services.record(actor, "catalog.price.withdrawn", price, before=_facts(price))
    price.delete()


def _scheduled(price_id: int, moment: datetime) -> ListPrice:
    """A price that has not been in effect. Raises NotFound, PriceInEffect."""
    rows = ListPrice.objects.select_related("product__service_type", "region")
    price = rows.prefetch_related("tiers").filter(pk=price_id).first()
    if price is None:
        raise NotFound
    if price.valid_from <= moment:
        raise PriceInEffect(_words(price.valid_from))
    return price


def read_line(cells_of: Mapping[str, str], lookup: Lookup) -> PriceLine:
    """The price that a line of a file states. Raises CellError with the column."""
    unit_price = _cell(cells_of, "unit_price", cells.read_decimal)
    if unit_price is None:
        raise CellError(_("This column is required."), "unit_price")
    return PriceLine(
        product=_found(cells_of, "product", Product, lookup),
        region=_found(cells_of, "region", Region, lookup) if cells_of.get("region") else None,
        period=cells_of.get("period", ""),
        unit_price=unit_price,
        upfront_price=_cell(cells_of, "upfront_price", cells.read_decimal) or Decimal(0),
        valid_from=_cell(cells_of, "valid_from", cells.read_moment),
        tiers=tuple(_cell(cells_of, "tiers", cells.read_tiers)),
    )


def _cell(cells_of: Mapping[str, str], name: str, read: Any) -> Any:
    try:
        return read(cells_of.get(name, ""))
    except CellError as error:
        raise CellError(str(error), name) from error


def _found(cells_of: Mapping[str, str], name: str, model: Any, lookup: Lookup) -> Any:
    found = lookup.find(model, ("code",), (cells_of[name],))
    if found is None:
        raise CellError(_("There is no “%(code)s”.") % {"code": cells_of[name]}, name)
    return found


@dataclass
class PriceBook:
    """The stored prices, and what lines want of them at one moment: decides first, then writes."""

    moment: datetime
    #: (place, valid_from) → price.
    stored: dict[tuple[tuple[int, int | None, str], datetime], ListPrice]
    #: (product, term) → since when a price has been in effect.
    since: dict[tuple[int, str], datetime]
    #: Place → since when the price that is in effect at this very place is.
    begun: dict[tuple[int, int | None, str], datetime]
    new: dict[tuple[tuple[int, int | None, str], datetime], PriceLine] = field(default_factory=dict)
    changed: list[tuple[ListPrice, PriceLine]] = field(default_factory=list)
    unchanged: int = 0

    @classmethod
    def at(cls, moment: datetime, product: Product | None = None) -> PriceBook:
        """The book of all products, or of one; two queries."""
        rows = ListPrice.objects.prefetch_related("tiers").order_by("valid_from", "pk")
        if product is not None:
            rows = rows.filter(product=product)
        stored: dict[tuple[tuple[int, int | None, str], datetime], ListPrice] = {}
        since: dict[tuple[int, str], datetime] = {}
        begun: dict[tuple[int, int | None, str], datetime] = {}
        for price in rows:
            place = (price.product_id, price.region_id, price.period)
            stored[place, price.valid_from] = price
            if price.valid_from <= moment:
                since.setdefault((price.product_id, price.period), price.valid_from)
                begun[place] = price.valid_from
        return cls(moment, stored, since, begun)

    def take(self, line: PriceLine) -> None:
        """Want this price. Raises BadValue, PriceInEffect, PriceBackdated."""
        line = line.normal()
        if self._stands_already(line):
            self.unchanged += 1
            return
        known = self.stored.get((line.place, line.valid_from or self.moment))
        if known is not None and known.valid_from <= self.moment:
            raise PriceInEffect(_words(known.valid_from))
        begins, line = self.checked(line)
        if (line.place, begins) in self.new:
            raise BadValue(_("The same price stands in the file twice."))
        if known is not None:
            self.changed.append((known, line))
        else:
            self.new[line.place, begins] = line

    def checked(self, line: PriceLine) -> tuple[datetime, PriceLine]:
        """The line with its time, which is now when none was given.

        Raises BadValue, PriceBackdated.
        """
        begins = line.valid_from or self.moment
        line = replace(line.normal(), valid_from=begins)
        _check(line)
        begun = self.since.get((line.product.pk, line.period))
        if begun is not None and begins < self.moment:
            raise PriceBackdated(_words(begun))
        return begins, line

    def _stands_already(self, line: PriceLine) -> bool:
        """Whether the same is stored: from the same moment on, or in effect when none was given."""
        begins = line.valid_from or self.begun.get(line.place)
        known = self.stored.get((line.place, begins)) if begins else None
        return known is not None and line.costs_as(known)

    def write(self, actor: Actor) -> tuple[int, int, int]:
        """Write all that was taken, set-based; how many were added, changed, unchanged."""
        lines = list(self.new.values())
        prices = ListPrice.objects.bulk_create([_row(line) for line in lines], batch_size=1_000)
        _write_tiers(zip(prices, lines, strict=True))
        audit.services.record_each(
            actor,
            [
                audit.services.Change("catalog.price.added", price, None, _stated(line))
                for price, line in zip(prices, lines, strict=True)
            ],
        )
        for price, line in self.changed:
            _change(actor, price, line)
        return len(lines), len(self.changed), self.unchanged


def _row(line: PriceLine) -> ListPrice:
    return ListPrice(
        product=line.product,
        region=line.region,
        period=line.period,
        unit_price=line.unit_price,
        upfront_price=line.upfront_price,
        valid_from=line.valid_from,
    )


def _change(actor: Actor, price: ListPrice, line: PriceLine) -> None:
    before = _facts(price)
    price.unit_price, price.upfront_price = line.unit_price, line.upfront_price
    price.valid_from = line.valid_from or price.valid_from
    price.save(update_fields=["unit_price", "upfront_price", "valid_from"])
    PriceTier.objects.filter(price=price).delete()
    _write_tiers([(price, line)])
    audit.services.record(actor, "catalog.price.changed", price, before=before, after=_stated(line))


def _write_tiers(pairs: Any) -> None:
    PriceTier.objects.bulk_create(
        PriceTier(price=price, above=tier.above, unit_price=tier.unit_price)
        for price, line in pairs
        for tier in line.tiers
    )


def _stated(line: PriceLine) -> dict[str, Any]:
    """A price as the audit trail keeps it."""
    return {
        "product": line.product.code,
        "region": line.region.code if line.region else None,
        "period": str(line.period),
        "unit_price": money.plain(line.unit_price),
        "upfront_price": money.plain(line.upfront_price),
        "valid_from": line.valid_from,
        "tiers": cells.write_tiers(line.tiers),
    }


def _facts(price: ListPrice) -> dict[str, Any]:
    tiers = tuple(tiers_of(price)) if price.tiers.all() else ()
    return _stated(
        PriceLine(
            price.product,
            price.region,
            price.period,
            price.unit_price,
            price.upfront_price,
            price.valid_from,
            tiers,
        )
    )


def _check(line: PriceLine) -> None:
    """Raise BadValue when the price does not fit its product."""
    _check_term(line)
    _check_tiers(line.tiers)
    if line.tiers and line.product.mode != BillingMode.PAY_PER_USE:
        raise BadValue(_("Only pay-per-use products have tiers."), field="tiers")
    if line.upfront_price and line.product.mode not in FIXED_TERM_MODES:
        raise BadValue(
            _("Only reserved instances and savings plans have an upfront price."),
            field="upfront_price",
        )
    if line.unit_price < 0 or line.upfront_price < 0:
        raise BadValue(_("Enter a price of 0 or more."), field="unit_price")
    try:
        _row(line).clean_fields(exclude=["product", "region"])
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise BadValue(" ".join(sentences), field=name) from error


def _check_term(line: PriceLine) -> None:
    product = line.product
    if line.period not in Period.values:
        raise BadValue(_("Write hour, day, month, year, once, or nothing."), field="period")
    if product.mode in FIXED_TERM_MODES:
        fits = line.period and bool(period_counts(line.period, product.term_months))
    else:
        fits = Period(line.period) in _TERMS_OF[BillingMode(product.mode)]
    if not fits:
        raise BadValue(
            _("Products billed as %(mode)s have no price of this term.")
            % {"mode": product.get_mode_display()},
            field="period",
        )


def _check_tiers(tiers: Sequence[Tier]) -> None:
    if not tiers:
        return
    begins = [tier.above for tier in tiers]
    if begins[0] != 0 or any(a >= b for a, b in pairwise(begins)):
        raise BadValue(_("Tiers begin at 0 and rise from line to line."), field="tiers")
    if any(tier.unit_price < 0 for tier in tiers):
        raise BadValue(_("Enter prices of 0 or more."), field="tiers")
    for tier in tiers:
        try:
            PriceTier(above=tier.above, unit_price=tier.unit_price).clean_fields(exclude=["price"])
        except ValidationError as error:
            raise BadValue(" ".join(error.messages), field="tiers") from error


def _words(moment: datetime) -> str:
    """A moment as sentences say it, GMT+08:00."""
    local = moment.astimezone(clock.BUSINESS_ZONE)
    return f"{local:%Y-%m-%d %H:%M:%S} GMT+08:00"
