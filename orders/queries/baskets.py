"""What a basket costs: the one place that configuration page, confirmation and order ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.choices import BillingMode, Period
from catalog.models import Product, Region
from catalog.queries import quotes
from catalog.queries.goods import SHOWN
from catalog.rules.pricing import EXACT
from catalog.rules.terms import FIXED_TERM_MODES
from partner_center.refusals import NotFound
from resources.models import EnterpriseProject
from resources.queries import projects

from ..refusals.buying import NothingOrdered, ZoneUnknown


@dataclass(frozen=True)
class BasketLine:
    """What is wanted. ``period`` and ``periods`` are empty for pay-per-use."""

    product_id: int
    region_id: int
    name: str = ""
    zone: str = ""
    size: int | None = None
    quantity: int = 1
    period: str = ""
    periods: int = 0
    configuration: dict[str, Any] = field(default_factory=dict)
    #: Enterprise project; None: the default one.
    project_id: int | None = None


@dataclass(frozen=True)
class Basket:
    """What one order is made of."""

    lines: tuple[BasketLine, ...]


@dataclass(frozen=True)
class PricedLine:
    """A line with its product and its list price in USD.

    ``unit_amount`` is that of one piece: 2 decimals for a term, exact per hour or unit of use. Hourly
    is what a reserved instance costs beside it.
    """

    wanted: BasketLine
    product: Product
    region: Region
    size: int | None
    unit_amount: Decimal
    hourly_amount: Decimal = Decimal(0)
    project: EnterpriseProject | None = None

    @property
    def amount(self) -> Decimal:
        """Of all pieces: each is rounded by itself, because each becomes a resource of its own."""
        return EXACT.multiply(self.unit_amount, Decimal(self.wanted.quantity))

    @property
    def is_usage(self) -> bool:
        """Whether it is paid by use, so that no order is needed."""
        return self.product.mode == BillingMode.PAY_PER_USE

    @property
    def is_one_resource(self) -> bool:
        """Reserved instances, savings plans and packages of one line are one resource."""
        return self.product.mode in FIXED_TERM_MODES or self.product.mode == BillingMode.PACKAGE


def priced(basket: Basket, moment: datetime, account_id: int) -> list[PricedLine]:
    """The lines with their prices at ``moment``, for an account and its projects.

    Raises NothingOrdered, ZoneUnknown, NotFound and what ``catalog.queries.quotes`` raises.
    """
    if not basket.lines:
        raise NothingOrdered
    products = Product.objects.select_related(*SHOWN).in_bulk(
        [line.product_id for line in basket.lines]
    )
    regions = Region.objects.in_bulk([line.region_id for line in basket.lines])
    chosen = {line.project_id for line in basket.lines if line.project_id}
    own = {key: projects.of_account(account_id, key) for key in chosen}
    return [
        replace(_priced(line, products, regions, moment), project=own.get(line.project_id or 0))
        for line in basket.lines
    ]


def total(lines: Sequence[PricedLine]) -> Decimal:
    """List price of all lines, in USD."""
    return sum((line.amount for line in lines), Decimal(0))


def _priced(
    line: BasketLine,
    products: dict[int, Product],
    regions: dict[int, Region],
    moment: datetime,
) -> PricedLine:
    product, region = products.get(line.product_id), regions.get(line.region_id)
    if product is None or region is None:
        raise NotFound
    if line.zone and line.zone not in region.zones:
        raise ZoneUnknown(region.name)
    if product.mode == BillingMode.PAY_PER_USE:
        quote = quotes.quote_usage(product, region, moment, quantity=1, size=line.size)
    else:
        period, periods = term_of(product, line)
        quote = quotes.quote_term(
            product, region, moment, period=period, periods=periods, size=line.size
        )
    quotes.require_quantity(line.quantity)
    return PricedLine(line, product, region, quote.size, quote.list_amount, quote.hourly_amount)


def term_of(product: Product, line: BasketLine) -> tuple[str, int]:
    """Period and count of a line; a product of fixed term is bought for exactly that."""
    return fixed_term(product) or (line.period, line.periods)


def fixed_term(product: Product) -> tuple[str, int] | None:
    """Period and count of a product that is sold for one term alone; None for all others."""
    if product.mode not in FIXED_TERM_MODES or not product.term_months:
        return None
    years, rest = divmod(product.term_months, 12)
    return (Period.MONTH, product.term_months) if rest else (Period.YEAR, years)
