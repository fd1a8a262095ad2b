"""Terms as the operator writes them, and what a day means: pure (05-CDC-04, CDC-05)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalog.rules.pricing import EXACT
from partner_center.clock import BUSINESS_ZONE

#: What a line of terms begins with, beside codes of services and products.
ALL, SERVICE, PRODUCT = "all", "service", "product"
_MOST_PERCENT_PLACES = 4
_MOST_PRICE_PLACES = 10


class TermError(ValueError):
    """A line of terms cannot be read; the text says why and which line."""


@dataclass(frozen=True)
class Term:
    """One line: percent off, or a fixed unit price in USD, of a product, of a service or of all."""

    scope: str
    code: str = ""
    percent: Decimal | None = None
    unit_price: Decimal | None = None

    def __str__(self) -> str:
        amount = f"{self.percent:f}%" if self.percent is not None else f"{self.unit_price:f}"
        return f"{' '.join(filter(None, (self.scope, self.code)))}: {amount}"


def read_terms(text: str) -> list[Term]:
    """``all: 25%``, ``service hws.service.type.ebs: 30%``, ``product 00301-1: 0.08``, one a line.

    Raises TermError.
    """
    terms = list(_terms(text))
    if not terms:
        raise TermError(_("State at least one term."))
    return terms


def starts_at(day: date) -> datetime:
    """The first moment of a day in GMT+08:00."""
    return datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC)


def ends_at(last_day: date) -> datetime:
    """The moment at which something is over whose last day this is: it counts until 23:59:59."""
    return starts_at(last_day + timedelta(days=1))


def last_second(end: datetime) -> datetime:
    """An end as people read it: 23:59:59 of the last day for one at midnight, else itself."""
    local = end.astimezone(BUSINESS_ZONE)
    return end - timedelta(seconds=1) if local.time() == time() else end


def due_days(last: date) -> tuple[date, date]:
    """When the coupon mails of a month go out, by its last day (05-CPN-01): 24th and 28th of 31."""
    return last - timedelta(days=7), last - timedelta(days=3)


def _terms(text: str) -> Iterator[Term]:
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            term = _term(line)
        except TermError as error:
            raise TermError(_("Line %(n)s: %(why)s") % {"n": number, "why": error}) from error
        if (term.scope, term.code) in seen:
            raise TermError(_("Line %(n)s: this stands there twice.") % {"n": number})
        seen.add((term.scope, term.code))
        yield term


def _term(line: str) -> Term:
    what, colon, amount = line.rpartition(":")
    words = what.split()
    if not colon or not words or not amount.strip():
        raise TermError(_("write it as “service CODE: 25%”."))
    scope, code = words[0].lower(), " ".join(words[1:])
    if scope not in (ALL, SERVICE, PRODUCT) or (scope == ALL) == bool(code):
        raise TermError(_("it begins with “all”, “service CODE” or “product CODE”."))
    if amount.strip().endswith("%"):
        return Term(scope, code, percent=_percent(amount.strip()[:-1]))
    if scope != PRODUCT:
        raise TermError(
            _("a fixed unit price is that of one product; write percent off with its sign.")
        )
    return Term(scope, code, unit_price=_number(amount, _MOST_PRICE_PLACES, Decimal(10**9)))


def _percent(text: str) -> Decimal:
    return _number(text, _MOST_PERCENT_PLACES, Decimal(100))


def _number(text: str, places: int, most: Decimal) -> Decimal:
    try:
        value = EXACT.create_decimal(text.strip())
    except InvalidOperation as error:
        raise TermError(_("“%(text)s” is no number.") % {"text": text.strip()}) from error
    if not value.is_finite() or not 0 <= value <= most:
        raise TermError(_("it lies between 0 and %(most)s.") % {"most": f"{most:f}"})
    if -int(value.as_tuple().exponent) > places:
        raise TermError(_("it has at most %(places)s decimals.") % {"places": places})
    return value
