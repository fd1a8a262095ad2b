"""Which taxes count when: spans of time with the same rates (05-BIL-05, C-13; 08-TAX-05)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise

from catalog.rules.pricing import EXACT
from partner_center.clock import BUSINESS_ZONE

from ..choices import TaxKind

_HUNDREDTH = Decimal("0.01")
#: Before and after every transaction.
FIRST = datetime.min.replace(tzinfo=BUSINESS_ZONE, year=1900)
LAST = datetime.max.replace(tzinfo=BUSINESS_ZONE, year=9000)


@dataclass(frozen=True)
class Rule:
    """A tax from a day on (GMT+08:00), in percent."""

    kind: TaxKind
    percent: Decimal
    valid_from: date


@dataclass(frozen=True)
class Span:
    """Taxes of transactions from ``starts`` to before ``ends``: (kind, percent), none of them zero."""

    starts: datetime
    ends: datetime
    taxes: Sequence[tuple[TaxKind, Decimal]]

    @property
    def rate(self) -> Decimal:
        """What is added to a tax-exclusive amount, as a factor; WHT is withheld, not added."""
        added = (percent for kind, percent in self.taxes if kind != TaxKind.WHT)
        total = sum(added, Decimal(0))
        return EXACT.multiply(total, _HUNDREDTH)


def spans(rules: Iterable[Rule]) -> list[Span]:
    """All time, cut where a rate changes; of a kind the newest rule that has begun counts."""
    known = sorted(rules, key=lambda rule: rule.valid_from)
    cuts = sorted({_begin(rule.valid_from) for rule in known})
    edges = [FIRST, *cuts, LAST]
    return [Span(starts, ends, _taxes(known, starts)) for starts, ends in pairwise(edges)]


def with_state(country: Sequence[Rule], state: Sequence[Rule]) -> list[Rule]:
    """Rules of a country until the first day of those of a state in it, which then count instead."""
    if not state:
        return list(country)
    first = min(rule.valid_from for rule in state)
    before = [rule for rule in country if rule.valid_from < first]
    begun = {rule.kind for rule in state if rule.valid_from == first}
    ended = {rule.kind for rule in before} - begun
    return [*before, *(Rule(kind, Decimal(0), first) for kind in sorted(ended)), *state]


def amount(base: Decimal, percent: Decimal) -> Decimal:
    """A tax on a tax-exclusive amount, exactly."""
    return EXACT.multiply(EXACT.multiply(base, percent), _HUNDREDTH)


def _taxes(known: Sequence[Rule], starts: datetime) -> list[tuple[TaxKind, Decimal]]:
    newest = {rule.kind: rule.percent for rule in known if _begin(rule.valid_from) <= starts}
    return [(kind, percent) for kind, percent in sorted(newest.items()) if percent]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BUSINESS_ZONE)
