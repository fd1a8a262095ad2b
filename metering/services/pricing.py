"""List prices of a chunk: which one is in effect when (catalog.queries.prices.price_at, set-based)."""

from __future__ import annotations

from . import statements

FROM_LINES = """
SELECT DISTINCT p.id AS product_id, g.id AS region_id
FROM (SELECT DISTINCT product, region FROM metering_staged WHERE list_cost IS NULL) s
JOIN catalog_product p ON p.code = s.product
LEFT JOIN catalog_region g ON g.code = s.region AND s.region <> ''
"""
FROM_RECORDS = """
SELECT DISTINCT product_id, region_id FROM metering_resolved WHERE list_cost IS NULL
"""
#: A price of the region goes before one of all regions, whichever is newer: prices of all regions
#: count until the first one of the region begins. Usage has no period; the hourly price of a reserved
#: instance or savings plan stands at its term.
SPANS = """
INSERT INTO metering_span
WITH wanted AS ({wanted}
), own_period AS (
    SELECT w.product_id, CASE
        WHEN p.mode IN ('ri_hourly', 'savings') OR p.payment_option = 'partial' THEN (
            SELECT min(period) FROM catalog_listprice l WHERE l.product_id = w.product_id)
        ELSE '' END AS period
    FROM (SELECT DISTINCT product_id FROM wanted) w JOIN catalog_product p ON p.id = w.product_id
), price AS (
    SELECT w.product_id, w.region_id, l.id AS price_id, l.unit_price, l.valid_from,
        l.region_id IS NOT NULL AS is_regional
    FROM wanted w
    JOIN own_period o ON o.product_id = w.product_id
    JOIN catalog_listprice l ON l.product_id = w.product_id AND l.period = o.period
        AND (l.region_id IS NULL OR l.region_id = w.region_id)
), span AS (
    SELECT *, coalesce(
        lead(valid_from) OVER (PARTITION BY product_id, region_id, is_regional ORDER BY valid_from),
        'infinity') AS next,
        coalesce(min(valid_from) FILTER (WHERE is_regional) OVER (
            PARTITION BY product_id, region_id), 'infinity') AS regional_from
    FROM price
)
SELECT product_id, region_id, price_id, unit_price,
    greatest(unit_price, (SELECT max(t.unit_price) FROM catalog_pricetier t
        WHERE t.price_id = span.price_id)),
    EXISTS (SELECT FROM catalog_pricetier t WHERE t.price_id = span.price_id),
    valid_from, CASE WHEN is_regional THEN next ELSE least(next, regional_from) END
FROM span
WHERE valid_from < CASE WHEN is_regional THEN next ELSE least(next, regional_from) END
"""
_OF_LINES = SPANS.format(wanted=FROM_LINES)
_OF_RECORDS = SPANS.format(wanted=FROM_RECORDS)


def of_lines() -> None:
    """Fill the table of prices for the staged lines."""
    statements.run(_OF_LINES)


def of_records() -> None:
    """Fill the table of prices for the resolved records."""
    statements.run(_OF_RECORDS)
