"""Which taxes and exchange rates count for a partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.currencies import CURRENCIES, DEFAULT_CURRENCY
from accounts.models import Account

from ..choices import TaxKind
from ..models import ExchangeRate, TaxRule
from ..refusals import NoRate
from ..rules.taxes import Rule, with_state


class Book:
    """Taxes and rates of one day, each read once: what a bill run asks for again and again."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._rules: dict[tuple[str, str], list[Rule]] = {}
        self._rates: dict[str, Decimal] = {}

    def rules_of(self, partner: Account) -> list[Rule]:
        """As :func:`rules_of`."""
        place = (str(partner.service_country or partner.country), partner.state)
        if place not in self._rules:
            self._rules[place] = rules_of(partner)
        return self._rules[place]

    def rate_of(self, currency: str) -> Decimal:
        """As :func:`rate_of`, of this day. Raises NoRate."""
        if currency not in self._rates:
            self._rates[currency] = rate_of(currency, self._day)
        return self._rates[currency]


def rules_of(partner: Account) -> list[Rule]:
    """The tax rules of the partner's country; from their first day on those of its state instead."""
    country = str(partner.service_country or partner.country)
    rows = TaxRule.objects.filter(country=country, state__in=["", partner.state])
    found = list(rows.order_by("valid_from", "pk"))
    return with_state(
        [_rule(row) for row in found if not row.state], [_rule(row) for row in found if row.state]
    )


def _rule(row: TaxRule) -> Rule:
    return Rule(TaxKind(row.kind), row.percent, row.valid_from)


def currencies() -> list[tuple[str, Any]]:
    """Currencies that have a rate: all that bills may be paid in, but the dollar itself."""
    return [choice for choice in CURRENCIES if choice[0] != DEFAULT_CURRENCY]


def rate_of(currency: str, day: date) -> Decimal:
    """How much of the currency one USD is on a day (GMT+08:00). Raises NoRate."""
    if currency == "USD":
        return Decimal(1)
    rows = ExchangeRate.objects.filter(currency=currency, valid_from__lte=day)
    rate = rows.order_by("-valid_from").values_list("rate", flat=True).first()
    if rate is None:
        raise NoRate(currency)
    return rate
