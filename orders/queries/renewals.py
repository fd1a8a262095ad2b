"""What a renewal covers and costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from catalog.choices import BillingMode, Period
from catalog.models import ListPrice
from catalog.queries import goods, quotes
from catalog.rules.pricing import EXACT
from resources.models import CloudResource
from resources.queries import reach
from resources.rules import terms
from resources.rules.terms import Term

from ..refusals.buying import WrongMode
from ..rules.refunds import extra_days

#: Days that one period counts for when a renewal is prolonged to the common day of expiry.
_DAYS_OF = {Period.MONTH: 30, Period.YEAR: 365}


#: A renewal: which period, and how many.
Choice = tuple[str, int]


def next_term(resource: CloudResource, period: str, count: int) -> tuple[Term, int]:
    """The term that a renewal adds, and how many of its days lead to the common day of expiry.

    Only yearly/monthly resources are prolonged to that day: reservations and packages are sold for
    their term alone.
    """
    return _next_term(resource, period, count, reach.settings_of(resource.account_id).expiry_day)


def _next_term(
    resource: CloudResource, period: str, count: int, common: int | None
) -> tuple[Term, int]:
    if resource.expires_at is None:
        raise WrongMode(str(resource), str(resource.get_mode_display()))
    term = terms.term_from(resource.expires_at, period, count, anchor=resource.effective_at)
    if common is None or resource.mode != BillingMode.YEARLY_MONTHLY:
        return term, 0
    ends = terms.to_common_day(term.ends, common)
    return Term(term.starts, ends), (ends - term.ends) // terms.DAY


def price_of(resource: CloudResource, period: str, count: int, moment: datetime) -> Decimal:
    """List price of a renewal in USD: its periods, and the days up to the common day of expiry.

    Each piece is rounded by itself, as it was when it was bought. Raises WrongMode, NoPrice,
    TermNotSold.
    """
    quote = quotes.quote_renewal(
        resource.product,
        resource.region,
        moment,
        period=period,
        periods=count,
        size=resource.size,
    )
    _term, more = next_term(resource, period, count)
    return _price(resource, quote.price, (period, count), more)


def prices_of(resources: Sequence[CloudResource], moment: datetime) -> list[dict[Choice, Decimal]]:
    """What every renewal that each resource of one account is sold for would cost, as
    :func:`price_of`; two queries a region, however many resources.
    """
    if not resources:
        return []
    common = reach.settings_of(resources[0].account_id).expiry_day
    offered = {
        region: goods.terms_of(
            {row.product for row in resources if row.region == region}, region, moment
        )
        for region in {row.region for row in resources}
    }
    return [_prices(row, offered[row.region][row.product_id], common) for row in resources]


def _prices(
    resource: CloudResource, offered: Sequence[goods.Term], common: int | None
) -> dict[Choice, Decimal]:
    return {
        (term.period, count): _price(
            resource,
            term,
            (term.period, count),
            _next_term(resource, term.period, count, common)[1],
        )
        for term in offered
        for count in term.counts
    }


def _price(
    resource: CloudResource, price: ListPrice | goods.Term, choice: Choice, more: int
) -> Decimal:
    """Of all pieces; ``more``: days that lead to the common day of expiry."""
    period, count = choice
    listed, one = (
        quotes.list_amount(resource.product, price, periods=n, size=resource.size)
        for n in (count, 1)
    )
    if more:
        listed = EXACT.add(listed, extra_days(one, more, _DAYS_OF[Period(period)]))
    return EXACT.multiply(listed, Decimal(resource.quantity))
