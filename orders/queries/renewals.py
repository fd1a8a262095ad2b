"""What a renewal covers and costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from catalog.choices import BillingMode, Period
from catalog.queries import quotes
from catalog.rules.pricing import EXACT
from resources.models import CloudResource
from resources.queries import reach
from resources.rules import terms
from resources.rules.terms import Term

from ..refusals.buying import WrongMode
from ..rules.refunds import extra_days

#: Days that one period counts for when a renewal is prolonged to the common day of expiry.
_DAYS_OF = {Period.MONTH: 30, Period.YEAR: 365}


def next_term(resource: CloudResource, period: str, count: int) -> tuple[Term, int]:
    """The term that a renewal adds, and how many of its days lead to the common day of expiry.

    Only yearly/monthly resources are prolonged to that day: reservations and packages are sold for
    their term alone.
    """
    if resource.expires_at is None:
        raise WrongMode(str(resource), str(resource.get_mode_display()))
    term = terms.term_from(resource.expires_at, period, count, anchor=resource.effective_at)
    common = reach.settings_of(resource.account_id).expiry_day
    if common is None or resource.mode != BillingMode.YEARLY_MONTHLY:
        return term, 0
    ends = terms.to_common_day(term.ends, common)
    return Term(term.starts, ends), (ends - term.ends) // terms.DAY


def price_of(resource: CloudResource, period: str, count: int, moment: datetime) -> Decimal:
    """List price of a renewal in USD: its periods, and the days up to the common day of expiry.

    Each piece is rounded by itself, as it was when it was bought.
    """
    quote = _quote(resource, period, count, moment)
    _term, more = next_term(resource, period, count)
    if not more:
        return EXACT.multiply(quote.list_amount, Decimal(resource.quantity))
    one = _quote(resource, period, 1, moment).list_amount
    each = EXACT.add(quote.list_amount, extra_days(one, more, _DAYS_OF[Period(period)]))
    return EXACT.multiply(each, Decimal(resource.quantity))


def _quote(resource: CloudResource, period: str, count: int, moment: datetime) -> quotes.Quote:
    return quotes.quote_renewal(
        resource.product,
        resource.region,
        moment,
        period=period,
        periods=count,
        size=resource.size,
    )
