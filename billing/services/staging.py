"""Settled charges of some partners, worked out together and kept aside until the bills are written.

Looking for charges and terms costs the same for a hundred partners as for one. What is kept are
temporary tables of the connection that a commit empties.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from metering.services import statements
from partner_center.clock import BillingCycle

from ..rules.taxes import Span
from . import settlement

#: Taxes of each payer; its charges, settled; what they come to; of the expenditures of those that have
#: coupons, what is left to pay of each, and what coupons have covered so far.
_TABLES = """
CREATE TEMP TABLE billing_tax_span (
    payer_id bigint NOT NULL, place int NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL,
    rate numeric NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE billing_staged (
    payer_id bigint NOT NULL, record_id bigint NOT NULL, partner_id bigint NOT NULL,
    customer_id bigint NOT NULL, service_type_id bigint NOT NULL, product_id bigint NOT NULL,
    region_id bigint, mode text NOT NULL, bill_type text NOT NULL, order_no text NOT NULL,
    charged_at timestamptz NOT NULL, at timestamptz NOT NULL, is_marketplace boolean NOT NULL,
    is_outside boolean NOT NULL, list_amount numeric NOT NULL, percent numeric, unit_price numeric,
    settlement text NOT NULL, settled numeric NOT NULL, place int NOT NULL, rate numeric NOT NULL,
    coupons numeric NOT NULL, returns boolean, tax numeric NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE billing_staged_sum (
    payer_id bigint NOT NULL, place int NOT NULL, partner_id bigint NOT NULL,
    customer_id bigint NOT NULL, service_type_id bigint NOT NULL, product_id bigint NOT NULL,
    region_id bigint, mode text NOT NULL, bill_type text NOT NULL, settlement text NOT NULL,
    percent numeric, unit_price numeric, lines bigint NOT NULL, outside bigint NOT NULL,
    list_amount numeric NOT NULL, settled numeric NOT NULL, coupons numeric NOT NULL,
    tax numeric NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE billing_open (
    record_id bigint NOT NULL, payer_id bigint NOT NULL, at timestamptz NOT NULL,
    charged_at timestamptz NOT NULL, customer_id bigint NOT NULL, partner_id bigint NOT NULL,
    service_type_id bigint NOT NULL, mode text NOT NULL, is_marketplace boolean NOT NULL,
    open numeric NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE billing_covered (
    record_id bigint NOT NULL, coupon_id bigint NOT NULL, amount numeric NOT NULL, returns boolean,
    gives_back bigint
) ON COMMIT DELETE ROWS
"""
_ARE_THERE = "SELECT to_regclass('pg_temp.billing_covered') IS NOT NULL"
#: Several payers in one transaction find the rows of the one before.
_ARE_USED = "SELECT EXISTS (SELECT FROM billing_tax_span)"
_EMPTY = """
TRUNCATE billing_tax_span, billing_staged, billing_staged_sum, billing_open, billing_covered
"""
_TAX_SPANS = """
INSERT INTO billing_tax_span
SELECT * FROM unnest(%(payers)s::bigint[], %(places)s::int[], %(starts)s::timestamptz[],
    %(ends)s::timestamptz[], %(rates)s::numeric[])
"""
_FILL = """
INSERT INTO billing_staged
SELECT s.payer_id, s.record_id, s.partner_id, s.customer_id, s.service_type_id, s.product_id,
    s.region_id, s.mode, s.bill_type, s.order_no, s.charged_at, s.at, s.is_marketplace, s.is_outside,
    s.list_amount, s.percent, s.unit_price, s.settlement, s.settled, x.place, x.rate, 0, NULL,
    CASE WHEN x.rate = 0 THEN 0 ELSE s.settled * x.rate END
FROM ({rated}) s
JOIN billing_tax_span x ON x.payer_id = s.payer_id AND x.starts <= s.at AND s.at < x.ends
"""
_ADD_UP = """
INSERT INTO billing_staged_sum
SELECT payer_id, place, partner_id, customer_id, service_type_id, product_id, region_id, mode, bill_type,
    settlement, percent, unit_price, count(*), count(*) FILTER (WHERE is_outside), sum(list_amount),
    sum(settled), sum(coupons), sum(tax)
FROM billing_staged {where}
GROUP BY payer_id, place, partner_id, customer_id, service_type_id, product_id, region_id, mode,
    bill_type, settlement, percent, unit_price
"""
_OF_PAYERS = "WHERE payer_id = ANY(%(payers)s)"
_GROUPS = """
SELECT payer_id, place, bill_type, sum(lines), sum(outside), sum(list_amount), sum(settled),
    sum(coupons), sum(tax)
FROM billing_staged_sum {where} GROUP BY payer_id, place, bill_type
"""
#: What coupons pay of lines, in place of nothing; the tax is on the rest.
_COVER = """
UPDATE billing_staged s SET coupons = k.amount, returns = k.returns,
    tax = CASE WHEN s.rate = 0 THEN 0 ELSE (s.settled - k.amount) * s.rate END
FROM (
    SELECT record_id, sum(amount) AS amount, bool_and(returns) AS returns
    FROM billing_covered GROUP BY record_id
) k
WHERE k.record_id = s.record_id
"""
_FORGET_SUMS = "DELETE FROM billing_staged_sum WHERE payer_id = ANY(%(payers)s)"
#: Who is associated with a payer, itself or its resellers, and what the roll-ups say of their charges.
_SCOPES = """
SELECT coalesce(s.distributor_id, s.partner_id), array_agg(DISTINCT s.partner_id), sum(s.charges),
    sum(s.list_amount)
FROM metering_monthlyspend s
WHERE s.cycle = %(cycle)s AND s.model = 'reseller'
    AND (%(payer)s::bigint IS NULL OR coalesce(s.distributor_id, s.partner_id) = %(payer)s)
GROUP BY 1
"""


@dataclass(frozen=True)
class Scope:
    """Whose charges are billed: payer, associated partners, and what there must be. USD, exact."""

    cycle: BillingCycle
    payer_id: int
    partner_ids: tuple[int, ...] = ()
    charges: int = 0
    list_amount: Decimal = Decimal(0)


def scopes(cycle: BillingCycle, payer_id: int | None = None) -> dict[int, Scope]:
    """What the roll-ups say is to be billed, by payer: of one, or of all."""
    rows = statements.rows(_SCOPES, {"cycle": str(cycle), "payer": payer_id})
    return {
        payer: Scope(cycle, payer, tuple(partners), int(charges), amount)
        for payer, partners, charges, amount in rows
    }


def scope(cycle: BillingCycle, payer_id: int) -> Scope:
    """That of one payer, who may have nothing."""
    return scopes(cycle, payer_id).get(payer_id, Scope(cycle, payer_id))


@dataclass(frozen=True)
class Group:
    """Staged lines of one tax span, by its place, and bill type. USD, exact."""

    place: int
    bill_type: str
    lines: int
    outside: int
    list_amount: Decimal
    settled: Decimal
    coupons: Decimal
    tax: Decimal


@transaction.atomic
def stage(
    cycle: BillingCycle, wanted: Collection[Scope], spans: Mapping[int, Sequence[Span]]
) -> dict[int, list[Group]]:
    """Settle the charges of some payers of a cycle, in place of what was staged before.

    ``spans``: the taxes of each payer. Answers what the lines of each come to, without coupons.
    """
    _prepare()
    parameters = {
        "cycle": str(cycle),
        "payers": [scope.payer_id for scope in wanted],
        "partners": sorted({partner for scope in wanted for partner in scope.partner_ids}),
    }
    settlement.find_terms(parameters)
    _enter_taxes(spans)
    statements.run(_FILL.format(rated=settlement.rated_of_partners()), parameters)
    statements.run(_ADD_UP.format(where=""))
    return _groups("")


def cover(payers: Collection[int]) -> dict[int, list[Group]]:
    """Put what coupons pay (``billing_covered``) to the lines of payers; what they come to then."""
    parameters = {"payers": list(payers)}
    statements.run(_COVER)
    statements.run(_FORGET_SUMS, parameters)
    statements.run(_ADD_UP.format(where=_OF_PAYERS), parameters)
    return _groups(_OF_PAYERS, parameters)


def _enter_taxes(spans: Mapping[int, Sequence[Span]]) -> None:
    """Each payer's spans, with their places in its sequence, from 0."""
    rows = [(payer, place, x) for payer, them in spans.items() for place, x in enumerate(them)]
    parameters = {
        "payers": [payer for payer, _place, _span in rows],
        "places": [place for _payer, place, _span in rows],
        "starts": [span.starts for _payer, _place, span in rows],
        "ends": [span.ends for _payer, _place, span in rows],
        "rates": [span.rate for _payer, _place, span in rows],
    }
    statements.run(_TAX_SPANS, parameters)
    statements.run("ANALYZE billing_tax_span")


def _groups(where: str, parameters: Mapping[str, Any] | None = None) -> dict[int, list[Group]]:
    groups: dict[int, list[Group]] = {}
    for payer_id, *values in statements.rows(_GROUPS.format(where=where), parameters):
        groups.setdefault(payer_id, []).append(Group(*values))
    return groups


def forget() -> None:
    """Drop every temporary table of the connection, of whatever job.

    A commit empties all of them, also those of a job that this worker did before.
    """
    statements.run("DISCARD TEMP")


def _prepare() -> None:
    """The tables are there and empty."""
    if not statements.value(_ARE_THERE):
        statements.run(_TABLES)
    elif statements.value(_ARE_USED):
        statements.run(_EMPTY)
