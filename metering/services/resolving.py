"""Staged lines become records: every name resolved to a key, or the reason why the line is refused."""

from __future__ import annotations

from datetime import datetime

from . import statements
from .calendar import Calendar

#: A line names its unit by abbreviation or number; one that means two things is that which can be
#: converted into the unit of the product. Ways of conversion: none, up, down, and by a common unit.
UNITS = """
INSERT INTO metering_unit
WITH way AS (
    SELECT id AS unit_id, id AS to_id, 1::numeric AS times, 1::numeric AS by, 0 AS steps
    FROM catalog_measureunit
    UNION ALL SELECT unit_id, reference_id, ratio, 1, 1 FROM catalog_unitconversion
    UNION ALL SELECT reference_id, unit_id, 1, ratio, 1 FROM catalog_unitconversion
    UNION ALL
    SELECT up.unit_id, down.unit_id, up.ratio, down.ratio, 2
    FROM catalog_unitconversion up JOIN catalog_unitconversion down
        ON down.reference_id = up.reference_id AND down.unit_id <> up.unit_id
), named AS (
    SELECT id, id::text AS name FROM catalog_measureunit
    UNION ALL SELECT id, abbreviation FROM catalog_measureunit
)
SELECT DISTINCT ON (n.name, w.to_id) n.name, w.to_id, w.times, w.by
FROM named n JOIN way w ON w.unit_id = n.id
WHERE n.name IN (SELECT DISTINCT unit FROM metering_staged WHERE unit <> '')
ORDER BY n.name, w.to_id, w.steps, n.id
"""

#: Reasons stand in the order in which they are found out. Amounts that no column could hold are
#: refused here, where the line still is known.
RESOLVE = """
INSERT INTO metering_resolved
SELECT CASE WHEN refusal = '' THEN nextval('metering_usagerecord_id_seq') END, refusal, line,
    %(source)s, %(intake)s, key, fingerprint, kind, customer_id, product_id, region_id,
    resource_id, resource_name, usage, size, points, list_cost, list_unit_price,
    started_at, ended_at, charged_at, cycle, origin_cycle,
    CASE WHEN origin_cycle = '' THEN day
        ELSE least(greatest(%(today)s, (cycle || '-01')::date),
            ((cycle || '-01')::date + interval '1 month' - interval '1 day')::date) END,
    %(moment)s, least(started_at, %(moment)s), extra
FROM (
    SELECT s.line, s.key, s.fingerprint, s.kind, c.customer_id, p.id AS product_id, g.id AS region_id,
        s.resource_id, s.resource_name,
        -- Down a unit and up again: an exact division, truncated to the 15 decimals of the column.
        CASE WHEN u.by IS NULL OR u.times = u.by THEN s.usage
            ELSE div(s.usage * u.times * 1000000000000000, u.by) * 0.000000000000001 END AS usage,
        s.size, s.points, s.list_cost, s.list_unit_price, s.started_at, s.ended_at, s.charged_at,
        coalesce(k.charged, s.month) AS cycle,
        coalesce(k.closed, '') AS origin_cycle, s.business::date AS day, s.extra,
        CASE
            WHEN c.customer_id IS NULL THEN %(nobody)s
            WHEN p.id IS NULL THEN 'unknown_product'
            WHEN s.region <> '' AND g.id IS NULL THEN 'unknown_region'
            WHEN s.unit <> '' AND u.by IS NULL THEN 'unknown_unit'
            WHEN s.list_cost IS NULL AND p.mode NOT IN ('usage', 'ri_hourly', 'savings')
                AND p.payment_option <> 'partial' THEN 'not_metered'
            WHEN s.list_cost IS NULL AND z.size_unit_id IS NOT NULL AND s.size IS NULL THEN 'no_size'
            WHEN s.list_cost IS NULL AND z.size_unit_id IS NULL AND s.size IS NOT NULL
                THEN 'takes_no_size'
            WHEN s.list_cost IS NULL AND NOT p.is_percentile AND s.points IS NOT NULL
                THEN 'takes_no_points'
            WHEN s.list_cost IS NULL AND p.is_percentile AND s.points IS NULL THEN 'no_points'
            WHEN s.list_cost IS NULL AND p.is_percentile AND s.points > 288 * extract(
                day FROM (s.month || '-01')::date + interval '1 month' - interval '1 day')
                THEN 'too_many_points'
            WHEN s.usage < 0 AND s.kind = 'usage' AND s.list_cost IS NULL AND p.is_percentile
                THEN 'negative'
            WHEN s.kind = 'usage' AND s.list_cost IS NULL AND s.started_at > %(moment)s THEN 'future'
            WHEN s.kind = 'usage' AND p.mode = 'usage' AND c.frozen @> s.started_at THEN 'frozen'
            WHEN s.list_cost IS NULL AND n.price_id IS NULL THEN 'no_list_price'
            WHEN abs(s.usage * coalesce(u.times, 1)) >= 1e22 THEN 'too_large'
            WHEN s.list_cost IS NULL
                AND (abs(s.usage) >= 1000000000000 OR s.size >= 100000 OR n.highest >= 10000)
                AND abs(s.usage) * coalesce(u.times, 1) / coalesce(u.by, 1)
                / p.conversion_factor * n.highest * coalesce(s.size, 1) >= 1e17 THEN 'too_large'
            ELSE '' END AS refusal
    FROM (
        -- Worked out once, not at every mention.
        SELECT *, to_char(business, 'YYYY-MM') AS month
        FROM (
            SELECT *, (greatest(charged_at - interval '1 microsecond', started_at)
                + interval '8 hours') AT TIME ZONE 'UTC' AS business
            FROM metering_staged OFFSET 0
        ) dated OFFSET 0
    ) s
    LEFT JOIN metering_party c ON c.ref = s.customer
    LEFT JOIN catalog_product p ON p.code = s.product
    LEFT JOIN catalog_resourcespec z ON z.id = p.spec_id
    LEFT JOIN catalog_region g ON g.code = s.region AND s.region <> ''
    LEFT JOIN metering_unit u ON u.name = s.unit AND u.usage_unit_id = p.usage_unit_id
    LEFT JOIN metering_span n ON s.list_cost IS NULL AND n.product_id = p.id
        AND coalesce(n.region_id, 0) = coalesce(g.id, 0)
        AND n.starts <= s.started_at AND s.started_at < n.ends
    LEFT JOIN unnest(%(closed)s::text[], %(charged)s::text[]) k (closed, charged)
        ON k.closed = s.month
    ORDER BY s.line
) checked
"""
#: What a line could not be refused for before: sentences for people, by code.
REASONS = {
    "unknown_customer": "No customer has this ID.",
    "unknown_sub_account": "This sub-account belongs to no customer: add it to the account map.",
    "unknown_product": "The catalogue has no product with this ID.",
    "unknown_region": "The catalogue has no region with this code.",
    "unknown_unit": "The unit is unknown or cannot be converted into that of the product.",
    "not_metered": "The product is not billed by usage.",
    "no_size": "The product is priced by size: the size is missing.",
    "takes_no_size": "The product has no size.",
    "takes_no_points": "The product is not billed by the 95th percentile: it has no points.",
    "no_points": "95th-percentile bandwidth: the measurement points of the month are missing.",
    "too_many_points": "The month has no more than 288 measurement points a day.",
    "negative": "95th-percentile usage cannot be negative.",
    "future": "The usage begins in the future.",
    "frozen": "The account and resources of the customer were frozen at this time.",
    "no_list_price": "The product had no list price at this time.",
    "too_large": "The amount is too large.",
    "other_content": "The record ID was used before with other content.",
}
REFUSED = """
SELECT line, refusal FROM metering_resolved WHERE refusal NOT IN ('', 'duplicate') ORDER BY line
"""


def resolve(
    *, source_id: int, intake_id: int, known: Calendar, moment: datetime, today: str, nobody: str
) -> None:
    """Resolve the staged lines; parties and prices are filled and customers locked.

    ``today`` is the business date of ``moment``; ``nobody`` the reason for an unknown customer.
    """
    statements.run(UNITS)
    statements.run(
        RESOLVE,
        {
            "source": source_id,
            "intake": intake_id,
            "moment": moment,
            "today": today,
            "nobody": nobody,
            **known.as_parameters(),
        },
    )


def refused() -> list[tuple[int, str, str]]:
    """Line, code and sentence of what was refused."""
    return [(line, code, REASONS[code]) for line, code in statements.rows(REFUSED)]
