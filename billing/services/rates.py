"""Taxes and exchange rates, which the operator keeps (05-BIL-05, BQY-18).

A tax whose day has come is history. Rates are only added; none before one that counts already.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

import audit.services
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.money import plain
from partner_center.refusals import NotFound

from ..choices import TaxKind
from ..models import ExchangeRate, TaxRule
from ..permissions import OPERATE_TERMS
from ..refusals import DayHasCome, RateBackdated, RateTaken
from .terms import refuse_billed

#: Whoever adds to one of the two tables does so alone.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.rates'), 0)"


@transaction.atomic(durable=True)
def add_tax(
    actor: Actor,
    *,
    country: str,
    state: str,
    kind: TaxKind,
    percent: Decimal,
    valid_from: date,
) -> TaxRule:
    """Add a tax from a day of an open cycle on (GMT+08:00); percent 0 ends one.

    ``state`` empty: of the whole country. Raises TermsBackdated, RateTaken.
    """
    actor.require(OPERATE_TERMS)
    statements.rows(_LOCK)
    refuse_billed("valid_from", valid_from)
    place = {"country": country, "state": state.strip(), "kind": kind, "valid_from": valid_from}
    if TaxRule.objects.filter(**place).exists():
        raise RateTaken
    rule = TaxRule.objects.create(**place, percent=percent)
    _record(actor, "tax.added", rule, after=_tax(rule))
    return rule


@transaction.atomic(durable=True)
def change_tax(actor: Actor, rule_id: int, *, percent: Decimal) -> TaxRule:
    """Change the percentage of a tax whose day has not come. Raises NotFound, DayHasCome."""
    actor.require(OPERATE_TERMS)
    rule = _coming(rule_id)
    before = _tax(rule)
    rule.percent = percent
    rule.save(update_fields=["percent"])
    _record(actor, "tax.changed", rule, before=before, after=_tax(rule))
    return rule


@transaction.atomic(durable=True)
def withdraw_tax(actor: Actor, rule_id: int) -> None:
    """Take back a tax whose day has not come. Raises NotFound, DayHasCome."""
    actor.require(OPERATE_TERMS)
    rule = _coming(rule_id)
    _record(actor, "tax.withdrawn", rule, before=_tax(rule))
    rule.delete()


@transaction.atomic(durable=True)
def add_rate(actor: Actor, *, currency: str, rate: Decimal, valid_from: date) -> ExchangeRate:
    """Add how much of a currency one USD is, from a day on. Raises RateTaken, RateBackdated."""
    actor.require(OPERATE_TERMS)
    statements.rows(_LOCK)
    known = ExchangeRate.objects.filter(currency=currency, valid_from__gte=valid_from)
    if known.filter(valid_from=valid_from).exists():
        raise RateTaken
    if known.filter(valid_from__lte=clock.business_date(clock.now())).exists():
        raise RateBackdated
    added = ExchangeRate.objects.create(currency=currency, rate=rate, valid_from=valid_from)
    facts = {"currency": currency, "rate": plain(rate), "valid_from": str(valid_from)}
    _record(actor, "rate.added", added, after=facts)
    return added


def _coming(rule_id: int) -> TaxRule:
    rule = TaxRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    if rule.valid_from <= clock.business_date(clock.now()):
        raise DayHasCome
    return rule


def _tax(rule: TaxRule) -> dict[str, str]:
    return {
        "country": str(rule.country),
        "state": rule.state,
        "kind": rule.kind,
        "percent": plain(rule.percent),
        "valid_from": str(rule.valid_from),
    }


def _record(actor: Actor, done: str, row: Any, **values: Any) -> None:
    audit.services.record(actor, f"billing.{done}", row, **values)
