"""What a change of specification or size comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.choices import BillingMode
from catalog.models import Product
from catalog.queries import quotes
from resources.models import CloudResource

from ..choices import OrderType
from ..models import OrderItem
from ..refusals.buying import NothingToChange, OnlyGrows, OtherProduct
from ..rules.refunds import Paid, Worth, at_paid_rate, change_of_price
from . import held


@dataclass(frozen=True)
class Added:
    """What a change adds to one paid term; negative when the price falls."""

    item: OrderItem
    worth: Worth
    starts: datetime


def wanted(
    resource: CloudResource, product_id: int, size: int | None
) -> tuple[Product, int | None]:
    """The product and size after a change.

    Raises WrongMode, ResourceExpired, InPendingOrder, OtherProduct, OnlyGrows, NothingToChange and
    the catalogue's refusals of sizes.
    """
    held.refuse_mode(resource, BillingMode.PAY_PER_USE, BillingMode.YEARLY_MONTHLY)
    held.refuse_expired(resource)
    held.refuse_pending([resource])
    found = next((row for row in held.changeable_to(resource) if row.pk == product_id), None)
    if found is None and product_id != resource.product_id:
        raise OtherProduct
    product = found or resource.product
    size = quotes.fitting_size(product, resource.size if size is None else size)
    if (product.pk, size) == (resource.product_id, resource.size):
        raise NothingToChange(str(resource))
    if size is not None and resource.size and size < resource.size:
        raise OnlyGrows(resource.size)
    return product, size


def difference(
    resource: CloudResource, product: Product, size: int | None, moment: datetime
) -> list[Added]:
    """What a change adds to each paid term that is not over, at today's list prices."""
    items = [
        item
        for item in held.paid_terms([resource])
        if item.order.order_type != OrderType.CHANGE and item.term.ends > moment
    ]
    return [_added(resource, item, product, size, moment) for item in items]


def worth(resource: CloudResource, product_id: int, size: int | None, moment: datetime) -> Worth:
    """What a change would add at list price, and what of it would be paid or given back without a
    discount to come; raises as :func:`wanted`.
    """
    product, size = wanted(resource, product_id, size)
    if resource.mode == BillingMode.PAY_PER_USE:
        return Worth(Decimal(0), Decimal(0))
    every = difference(resource, product, size, moment)
    return Worth(
        sum((each.worth.listed for each in every), Decimal(0)),
        sum((each.worth.amount for each in every), Decimal(0)),
    )


def _added(
    resource: CloudResource,
    item: OrderItem,
    product: Product,
    size: int | None,
    moment: datetime,
) -> Added:
    listed = change_of_price(
        _each(resource, resource.product, resource.size, item.period, moment),
        _each(resource, product, size, item.period, moment),
        periods=item.period_count or 1,
        term=item.term,
        moment=moment,
    )
    paid = Paid(item.list_amount, item.amount, item.term)
    worth = Worth(listed, listed) if listed > 0 else at_paid_rate(listed, [paid])
    return Added(item, worth, max(item.term.starts, moment))


def _each(
    resource: CloudResource, product: Product, size: int | None, period: str, moment: datetime
) -> Decimal:
    """Today's list price of one period of a product at this size, in USD."""
    quote = quotes.quote_renewal(
        product,
        resource.region,
        moment,
        period=period,
        periods=1,
        quantity=resource.quantity,
        size=size,
    )
    return quote.list_amount
