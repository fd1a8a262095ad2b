"""From the staged charges of one partner to the lines and sums of its bill: set-based, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.rules.pricing import EXACT
from metering.services import statements
from partner_center.clock import BillingCycle

from ..rules.taxes import Span
from .staging import Scope

#: ``{coupons}``: what coupons pay, joined only where the partner has any.
_WRITE = """
WITH source AS MATERIALIZED (
    SELECT s.record_id, s.cycle, s.customer_id, s.partner_id, s.service_type_id, s.product_id,
        s.region_id, s.mode, s.bill_type, s.charged_at, s.is_outside, s.list_amount, s.settlement,
        s.percent, s.unit_price, s.settled, {coupons} AS coupons, {returns} AS returns, x.place,
        CASE WHEN x.rate = 0 THEN 0 ELSE (s.settled - {coupons}) * x.rate END AS tax
    FROM billing_staged s
    JOIN unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(rates)s::numeric[])
        WITH ORDINALITY AS x (starts, ends, rate, place) ON x.starts <= s.at AND s.at < x.ends
    {join}
    WHERE s.payer_id = %(payer)s
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
SELECT l.lines, l.settled, l.coupons, l.tax, s.lines, s.list_amount, s.settled, s.coupons, s.tax
FROM (
    SELECT count(*) AS lines, coalesce(sum(settled), 0) AS settled, coalesce(sum(coupons), 0) AS coupons,
        coalesce(sum(tax), 0) AS tax
    FROM {lines} WHERE bill_id = %(bill)s
) l CROSS JOIN (
    SELECT coalesce(sum(lines), 0) AS lines, coalesce(sum(list_amount), 0) AS list_amount,
        coalesce(sum(settled), 0) AS settled, coalesce(sum(coupons), 0) AS coupons,
        coalesce(sum(tax), 0) AS tax
    FROM billing_billsum WHERE bill_id = %(bill)s
) s
"""


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


def write(wanted: Scope, bill_id: int, spans: Sequence[Span], *, covered: bool) -> list[Group]:
    """Write lines and sums of a bill; what they come to. ``covered``: coupons were allotted before."""
    statement = _WRITE.format(
        lines=_lines_of(wanted.cycle),
        join=_COVERED if covered else "",
        coupons="coalesce(k.amount, 0)" if covered else "0",
        returns="k.returns" if covered else "NULL::boolean",
    )
    parameters = {
        "payer": wanted.payer_id,
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
    """What was written, counted and added up exactly: once of the lines, once of their sums.

    Lines: count, settled, coupons, tax. Sums: count of lines, list amount, settled, coupons, tax.
    """
    statement = _STORED.format(lines=_lines_of(cycle))
    values = statements.rows(statement, {"bill": bill_id})[0]
    return values[:4], values[4:]


def _lines_of(cycle: BillingCycle) -> str:
    """The partition: statements of one bill need not look for it."""
    return f"billing_billline_{cycle}".replace("-", "_")


def total_of(groups: Sequence[Group], name: str, bill_type: str = "") -> Decimal:
    """The exact sum of one column over groups, of one bill type or of all."""
    total = Decimal(0)
    for group in groups:
        if not bill_type or group.bill_type == bill_type:
            total = EXACT.add(total, getattr(group, name))
    return total
