"""What a purchase, an hour of usage or a renewal would cost, at list price and with a discount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ..choices import BillingMode
from ..models import ListPrice, Product, Region
from ..refusals import (
    NoPrice,
    NotSold,
    QuantityOutOfRange,
    SizeNeeded,
    SizeOutOfRange,
    TermNotSold,
    WrongMode,
)
from ..rules.pricing import EXACT, discounted, term_amount, to_cent, usage_amount
from ..rules.terms import FIXED_TERM_MODES, MOST_PIECES, fits
from .goods import Term, terms
from .prices import price_at, tiers_of


@dataclass(frozen=True)
class Quote:
    """What something costs, in USD.

    Of a term amounts have 2 decimals and cover all its periods and pieces; of usage they are exact.
    ``hourly_amount`` is due beside them every hour of a reserved instance or savings plan.
    """

    product: Product
    price: ListPrice
    quantity: int
    size: int | None
    list_amount: Decimal
    amount: Decimal
    discount_percent: int = 0
    hourly_amount: Decimal = Decimal(0)

    @property
    def discount_amount(self) -> Decimal:
        """List price minus what is paid."""
        return EXACT.subtract(self.list_amount, self.amount)


def quote_term(
    product: Product,
    region: Region,
    moment: datetime,
    *,
    period: str,
    periods: int,
    quantity: int = 1,
    size: int | None = None,
    percent: int = 0,
) -> Quote:
    """A purchase for a term: yearly/monthly, reserved instance, savings plan, resource package.

    ``percent``: discount that the partner of a Referral customer granted; it counts where the product
    takes it (08-CSN-03 to CSN-07). Raises NotSold, WrongMode, NoPrice, TermNotSold, SizeNeeded,
    SizeOutOfRange, QuantityOutOfRange.
    """
    _require_on_sale(product, region)
    require_quantity(quantity)
    size = fitting_size(product, size)
    price = _term_price(product, region, moment, period, periods)
    return _quote(product, price, periods=periods, quantity=quantity, size=size, percent=percent)


def quote_renewal(
    product: Product,
    region: Region | None,
    moment: datetime,
    *,
    period: str,
    periods: int,
    quantity: int = 1,
    size: int | None = None,
    percent: int = 0,
) -> Quote:
    """A renewal of what is there already, at today's list price; a withdrawn product renews too.

    Of a fixed term it is what is due upfront. Raises WrongMode, NoPrice, TermNotSold.
    """
    price = _term_price(product, region, moment, period, periods)
    return _quote(product, price, periods=periods, quantity=quantity, size=size, percent=percent)


def quote_usage(
    product: Product,
    region: Region,
    moment: datetime,
    *,
    usage: Decimal = Decimal(1),
    quantity: int = 1,
    size: int | None = None,
    percent: int = 0,
) -> Quote:
    """Pay-per-use of ``usage`` pricing units (an hour, a GB) at the beginning of a month.

    Raises NotSold, WrongMode, NoPrice, SizeNeeded, SizeOutOfRange, QuantityOutOfRange.
    """
    _require_on_sale(product, region)
    if product.mode != BillingMode.PAY_PER_USE:
        raise WrongMode(product.name, product.get_mode_display())
    require_quantity(quantity)
    size = fitting_size(product, size)
    if (price := price_at(product, region, moment)) is None:
        raise NoPrice(product.name, region.name)
    each = usage_amount(tiers_of(price), before=Decimal(0), quantity=usage, size=size)
    listed = EXACT.multiply(each, Decimal(quantity))
    percent = product.percent_for(percent)
    return Quote(product, price, quantity, size, listed, discounted(listed, percent), percent)


def less_discount(product: Product, listed: Decimal, percent: int) -> Decimal:
    """A list amount less the partner's discount, where the product takes it; 2 decimals, half up."""
    return to_cent(discounted(listed, product.percent_for(percent)))


def instalment(amount: Decimal, *, upfront: Decimal, months: int) -> Decimal:
    """What is due each month when ``upfront`` (a share, 0 to 1) is paid at once; 2 decimals, half up."""
    rest = EXACT.multiply(amount, EXACT.subtract(Decimal(1), upfront))
    return to_cent(EXACT.divide(rest, Decimal(months)))


def fitting_size(product: Product, size: int | None) -> int | None:
    """The size that counts for a product: None where it is not linear.

    Raises SizeNeeded, SizeOutOfRange.
    """
    spec = product.spec
    if spec is None or spec.size_unit is None:
        return None
    unit = spec.size_unit.abbreviation
    if size is None:
        raise SizeNeeded(unit)
    least, most, step = spec.size_min or 1, spec.size_max or 1, spec.size_step or 1
    if not fits(size, least=least, most=most, step=step):
        raise SizeOutOfRange(least, most, step, unit)
    return size


def _quote(
    product: Product,
    price: ListPrice,
    *,
    periods: int,
    quantity: int,
    size: int | None,
    percent: int,
) -> Quote:
    fixed = product.mode in FIXED_TERM_MODES
    listed = list_amount(product, price, periods=periods, quantity=quantity, size=size)
    pieces = Decimal(quantity * (1 if size is None else size))
    return Quote(
        product=product,
        price=price,
        quantity=quantity,
        size=size,
        list_amount=listed,
        amount=less_discount(product, listed, percent),
        discount_percent=product.percent_for(percent),
        hourly_amount=EXACT.multiply(price.unit_price, pieces) if fixed else Decimal(0),
    )


def list_amount(
    product: Product,
    price: ListPrice | Term,
    *,
    periods: int,
    quantity: int = 1,
    size: int | None = None,
) -> Decimal:
    """What is due for a term at once, in USD; of a fixed term what is due upfront."""
    return term_amount(
        price.unit_price,
        periods=0 if product.mode in FIXED_TERM_MODES else periods,
        quantity=quantity,
        size=size,
        upfront=price.upfront_price,
    )


def _term_price(
    product: Product, region: Region | None, moment: datetime, period: str, periods: int
) -> ListPrice:
    """The price of a term that the product is sold for. Raises WrongMode, NoPrice, TermNotSold."""
    if product.mode == BillingMode.PAY_PER_USE:
        raise WrongMode(product.name, product.get_mode_display())
    offered = terms(product, region, moment)
    if not offered:
        raise NoPrice(product.name, region.name if region else "--")
    price = price_at(product, region, moment, period)
    if price is None or not any(t.period == period and periods in t.counts for t in offered):
        raise TermNotSold(product.name, [term.label for term in offered])
    return price


def _require_on_sale(product: Product, region: Region) -> None:
    if not (product.is_on_sale and region.is_offered):
        raise NotSold(product.name)


def require_quantity(quantity: int) -> None:
    """Raise QuantityOutOfRange for nothing, and for more than one line takes."""
    if not 1 <= quantity <= MOST_PIECES:
        raise QuantityOutOfRange(MOST_PIECES)
