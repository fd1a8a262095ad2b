"""From the charges of one partner to the lines and sums of its bill: set-based, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.rules.pricing import EXACT
from metering.services import statements
from partner_center.clock import BillingCycle

from ..rules.taxes import Span
from . import settlement

#: Who is associated with the payer: itself, or the resellers of a distributor.
_PARTNERS = """
SELECT array_agg(DISTINCT s.partner_id), sum(s.charges)
FROM metering_monthlyspend s
WHERE s.cycle = %(cycle)s AND s.model = 'reseller'
    AND coalesce(s.distributor_id, s.partner_id) = %(payer)s
"""
#: ``{coupons}``: what coupons pay, joined only where the partner has any.
_WRITE = """
WITH source AS MATERIALIZED (
    SELECT s.record_id, s.cycle, s.customer_id, s.partner_id, s.service_type_id, s.product_id,
        s.region_id, s.mode, s.bill_type, s.charged_at, s.is_outside, s.list_amount, s.settlement,
        s.percent, s.unit_price, s.settled, {coupons} AS coupons, {returns} AS returns, x.place,
        CASE WHEN x.rate = 0 THEN 0 ELSE (s.settled - {coupons}) * x.rate END AS tax
    FROM ({rated}) s
    JOIN unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(rates)s::numeric[])
        WITH ORDINALITY AS x (starts, ends, rate, place) ON x.starts <= s.at AND s.at < x.ends
    {join}
), written AS (
    INSERT INTO {lines} (record_id, cycle, bill_id, customer_id, charged_at, settlement, percent,
        unit_price, settled, coupons, returns_coupons, tax)
    SELECT record_id, cycle, %(bill)s, customer_id, charged_at, settlement, percent, unit_price, settled,
        coupons, returns, tax
    FROM source
), summed AS (
    INSERT INTO billing_billsum (bill_id, customer_id, partner_id, service_type_id, product_id,
        region_id, mode, bill_type, settlement, percent, unit_price, lines, list_amount, settled,
        coupons, tax)
    SELECT %(bill)s, customer_id, partner_id, service_type_id, product_id, region_id, mode, bill_type,
        settlement, percent, unit_price, count(*), sum(list_amount), sum(settled), sum(coupons), sum(tax)
    FROM source
    GROUP BY customer_id, partner_id, service_type_id, product_id, region_id, mode, bill_type,
        settlement, percent, unit_price
)
SELECT place, bill_type, count(*), count(*) FILTER (WHERE is_outside), sum(list_amount), sum(settled),
    sum(coupons), sum(tax)
FROM source GROUP BY place, bill_type
"""
_COVERED = """LEFT JOIN (
        SELECT record_id, sum(amount) AS amount, bool_and(returns) AS returns
        FROM billing_covered GROUP BY record_id
    ) k ON k.record_id = s.record_id"""
_STORED = """
SELECT count(*), coalesce(sum(list_amount), 0), coalesce(sum(settled), 0), coalesce(sum(coupons), 0),
    coalesce(sum(tax), 0)
FROM (SELECT {columns} FROM {table} WHERE bill_id = %(bill)s) s
"""


@dataclass(frozen=True)
class Scope:
    """Whose charges are billed: payer, associated partners, and how many charges there must be."""

    cycle: BillingCycle
    payer_id: int
    partner_ids: Sequence[int]
    charges: int


@dataclass(frozen=True)
class Group:
    """Lines of one tax span and bill type. USD, exact."""

    span: Span
    bill_type: str
    lines: int
    outside: int
    list_amount: Decimal
    settled: Decimal
    coupons: Decimal
    tax: Decimal


def scope(cycle: BillingCycle, payer_id: int) -> Scope:
    """What the roll-ups say is to be billed."""
    parameters = {"cycle": str(cycle), "payer": payer_id}
    partner_ids, charges = statements.rows(_PARTNERS, parameters)[0]
    return Scope(cycle, payer_id, partner_ids or [], int(charges or 0))


def parameters_of(wanted: Scope) -> dict[str, object]:
    """For statements over the charges of a scope."""
    return {
        "cycle": str(wanted.cycle),
        "payer": wanted.payer_id,
        "partners": list(wanted.partner_ids),
    }


def write(wanted: Scope, bill_id: int, spans: Sequence[Span], *, covered: bool) -> list[Group]:
    """Write lines and sums of a bill; what they come to. ``covered``: coupons were allotted before."""
    statement = _WRITE.format(
        rated=settlement.rated_of_payer(),
        lines=f"billing_billline_{wanted.cycle}".replace("-", "_"),
        join=_COVERED if covered else "",
        coupons="coalesce(k.amount, 0)" if covered else "0",
        returns="k.returns" if covered else "NULL::boolean",
    )
    parameters = parameters_of(wanted) | {
        "bill": bill_id,
        "starts": [span.starts for span in spans],
        "ends": [span.ends for span in spans],
        "rates": [span.rate for span in spans],
    }
    return [
        Group(spans[place - 1], *values)
        for place, *values in statements.rows(statement, parameters)
    ]


def stored(bill_id: int, cycle: BillingCycle) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Count and exact sums of what was written, once of the lines and once of their sums."""
    parameters = {"bill": bill_id}
    lines = _STORED.format(
        columns="c.list_amount, l.settled, l.coupons, l.tax",
        table=f"billing_billline_{cycle} l JOIN metering_charge_{cycle} c USING (record_id)".replace(
            "-", "_"
        ),
    )
    sums = (
        "SELECT coalesce(sum(lines), 0), coalesce(sum(list_amount), 0), coalesce(sum(settled), 0), "
        "coalesce(sum(coupons), 0), coalesce(sum(tax), 0) FROM billing_billsum WHERE bill_id = %(bill)s"
    )
    return statements.rows(lines, parameters)[0], statements.rows(sums, parameters)[0]


def total_of(groups: Sequence[Group], name: str, bill_type: str = "") -> Decimal:
    """The exact sum of one column over groups, of one bill type or of all."""
    total = Decimal(0)
    for group in groups:
        if not bill_type or group.bill_type == bill_type:
            total = EXACT.add(total, getattr(group, name))
    return total
