"""Which taxes and exchange rates count for a partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.models import Account

from ..choices import TaxKind
from ..models import ExchangeRate, TaxRule
from ..refusals import NoRate
from ..rules.taxes import Rule


def rules_of(partner: Account) -> list[Rule]:
    """The tax rules of the partner's country, or of its state where the country has rules for that."""
    country = str(partner.service_country or partner.country)
    rows = TaxRule.objects.filter(country=country, state__in=["", partner.state])
    found = list(rows.order_by("valid_from", "pk"))
    of_state = [row for row in found if row.state]
    return [Rule(TaxKind(row.kind), row.percent, row.valid_from) for row in (of_state or found)]


def rate_of(currency: str, day: date) -> Decimal:
    """How much of the currency one USD is on a day (GMT+08:00). Raises NoRate."""
    if currency == "USD":
        return Decimal(1)
    rows = ExchangeRate.objects.filter(currency=currency, valid_from__lte=day)
    rate = rows.order_by("-valid_from").values_list("rate", flat=True).first()
    if rate is None:
        raise NoRate(currency)
    return rate
