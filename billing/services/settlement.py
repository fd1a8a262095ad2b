"""The settlement of many charges at once: which terms apply to whom and when, then the amounts.

The view ``billing_settled_charge`` (migration) defines a settlement charge by charge; it serves pages
and the verification. This is the same for whole bills and cycles: terms are looked up once for each
customer and product, as spans of time without overlap, instead of once for each charge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metering.services import statements

_IS_THERE = "SELECT to_regclass('pg_temp.billing_span') IS NOT NULL"
_TABLE = """
CREATE TEMP TABLE billing_span (
    payer_id bigint NOT NULL, customer_id bigint NOT NULL, product_id bigint NOT NULL,
    starts timestamptz NOT NULL, ends timestamptz NOT NULL, percent numeric, factor numeric,
    unit_price numeric, is_special boolean NOT NULL
) ON COMMIT DELETE ROWS;
CREATE INDEX ON billing_span (customer_id, product_id, payer_id)
"""
#: ``{where}`` narrows roll-ups ``m`` to a payer. Of several terms the most particular counts: of the
#: customer before of the partner, of the product before of its service before of everything, then the
#: newest; a term is cut where a better one is in effect (05-CDC-05).
_SPANS = """
INSERT INTO billing_span
WITH goods AS MATERIALIZED (
    SELECT DISTINCT coalesce(m.distributor_id, m.partner_id) AS payer_id, m.customer_id, m.product_id,
        m.service_type_id, p.settlement, p.mode, s.is_marketplace
    FROM metering_monthlyspend m
    JOIN catalog_product p ON p.id = m.product_id
    JOIN catalog_servicetype s ON s.id = m.service_type_id
    WHERE m.cycle = %(cycle)s AND m.model = 'reseller' {where}
), candidates AS (
    SELECT g.payer_id, g.customer_id, g.product_id, d.starts_at, d.ends_at, x.percent, x.unit_price,
        d.customer_id IS NOT NULL AS is_special, d.customer_id IS NULL AS for_all,
        CASE WHEN x.product_id IS NOT NULL THEN 1 WHEN x.service_type_id IS NOT NULL THEN 2 ELSE 3 END
            AS breadth, x.id
    FROM goods g
    JOIN billing_commercialdiscount d ON d.account_id = g.payer_id
        AND (d.customer_id IS NULL OR d.customer_id = g.customer_id)
    JOIN billing_discountterm x ON x.discount_id = d.id
        AND (x.product_id = g.product_id OR x.service_type_id = g.service_type_id
            OR x.product_id IS NULL AND x.service_type_id IS NULL AND g.settlement = 'common')
        AND (x.unit_price IS NULL OR g.mode = 'usage')
    WHERE NOT g.is_marketplace AND g.settlement <> 'none' AND d.starts_at < d.ends_at
    UNION ALL
    SELECT g.payer_id, g.customer_id, g.product_id, d.starts_at, d.ends_at, d.percent, NULL, false,
        true, 1, d.id
    FROM goods g
    JOIN billing_marketplacediscount d ON d.account_id = g.payer_id AND d.product_id = g.product_id
    WHERE g.is_marketplace AND d.starts_at < d.ends_at
), ranked AS (
    SELECT *, tstzmultirange(tstzrange(starts_at, ends_at)) AS own,
        range_agg(tstzrange(starts_at, ends_at)) OVER (
            PARTITION BY payer_id, customer_id, product_id
            ORDER BY for_all, breadth, starts_at DESC, id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS better
    FROM candidates
)
SELECT payer_id, customer_id, product_id, lower(span), upper(span), percent, (100 - percent) * 0.01,
    unit_price, is_special
FROM ranked CROSS JOIN LATERAL unnest(own - coalesce(better, '{{}}')) AS span
"""
#: ``{where}`` narrows charges ``c``. Columns and meaning are those of the view.
RATED = """
SELECT q.*,
    CASE WHEN q.order_no <> '' OR q.mode NOT IN ('usage', 'ri_hourly', 'savings') THEN q.raw
        WHEN q.cycle < '2021-06' THEN trunc(q.raw, 2)
        WHEN q.cycle < '2021-08' THEN round(q.raw, 2)
        ELSE q.raw END AS settled
FROM (
    SELECT c.record_id, c.cycle, c.payer_id, c.partner_id, c.customer_id, c.service_type_id,
        c.product_id, c.region_id, c.mode, c.bill_type, c.order_no, c.charged_at, c.at, c.is_marketplace,
        c.is_outside, c.list_amount, t.percent, t.unit_price,
        CASE WHEN t.is_special THEN 'special' WHEN c.is_adjustment THEN 'none'
            ELSE c.product_settlement END AS settlement,
        CASE WHEN t.percent IS NOT NULL THEN c.list_amount * t.factor
            WHEN t.unit_price IS NULL THEN c.list_amount
            WHEN c.valid_points IS NOT NULL
                THEN div(t.unit_price * c.charged * c.size * c.valid_points * 100000000000000000000,
                    288 * extract(day FROM (coalesce(nullif(c.origin_cycle, ''), c.cycle) || '-01')::date
                        + interval '1 month' - interval '1 day')) * 0.00000000000000000001
            ELSE t.unit_price * c.charged * c.size END AS raw
    FROM (
        SELECT c.record_id, c.cycle, coalesce(c.distributor_id, c.partner_id) AS payer_id,
            c.partner_id, c.customer_id, c.service_type_id, c.product_id, c.region_id, c.mode,
            c.bill_type, c.order_no, c.charged_at, c.list_amount, c.origin_cycle, s.is_marketplace,
            p.settlement AS product_settlement,
            c.bill_type = 'adjustment' AND c.origin_cycle = '' AS is_adjustment,
            c.pricing_total - c.pricing_package - c.pricing_reserved - coalesce(c.pricing_savings, 0)
                AS charged,
            coalesce(c.size, 1) AS size, CASE WHEN p.is_percentile THEN c.points END AS valid_points,
            CASE WHEN o.paid_at IS NOT NULL THEN o.paid_at
                WHEN c.order_no = '' THEN c.charged_at - interval '1 microsecond'
                ELSE c.charged_at END AS at,
            CASE WHEN c.order_no = '' THEN c.started_at ELSE c.charged_at END < a.associated_at
                OR CASE WHEN c.order_no = '' THEN c.started_at ELSE c.charged_at END
                    >= coalesce(a.ended_at, 'infinity') AS is_outside
        FROM metering_charge c
        JOIN catalog_product p ON p.id = c.product_id
        JOIN catalog_servicetype s ON s.id = c.service_type_id
        JOIN customers_association a ON a.id = c.association_id
        LEFT JOIN orders_customerorder o
            ON o.order_no = nullif(c.original_order_no, '')
        WHERE c.cycle = %(cycle)s AND c.model = 'reseller' {where} OFFSET 0
    ) c
    LEFT JOIN billing_span t ON t.customer_id = c.customer_id AND t.product_id = c.product_id
        AND t.payer_id = c.payer_id AND t.starts <= c.at AND c.at < t.ends AND NOT c.is_adjustment
        AND (t.unit_price IS NULL OR c.charged IS NOT NULL)
    OFFSET 0
) q
"""
#: Roll-ups of some payers, through the index of partners, who are the payers themselves or the
#: resellers of distributors.
_OF_PAYERS = (
    "AND m.partner_id = ANY(%(partners)s)"
    " AND coalesce(m.distributor_id, m.partner_id) = ANY(%(payers)s)"
)


def rated_of_partners() -> str:
    """The settled charges of some associated partners, as a query; :func:`find_terms` goes before.

    A reseller that changed its distributor has charges of both: who asks picks the payers it wants.
    """
    return RATED.format(where="AND c.partner_id = ANY(%(partners)s)")


def rated_of_all() -> str:
    """The settled charges of all payers of a cycle, as a query."""
    return RATED.format(where="")


def find_terms(parameters: Mapping[str, Any]) -> None:
    """Fill the temporary table of terms for ``payers``, or for all when none are named."""
    where = _OF_PAYERS if "payers" in parameters else ""
    if statements.value(_IS_THERE):
        statements.run("DELETE FROM billing_span")
    else:
        statements.run(_TABLE)
    statements.run(_SPANS.format(where=where), parameters)
    statements.run("ANALYZE billing_span")
