"""What commitments, packages and tiers make of usage, in the order of the records.

All work on one chunk; the caller holds the locks of its customers. Everything is in the pricing unit,
exact to 10 decimals. Reserved instances cover first, they are the more particular; then savings plans,
for what they leave lapses with the hour; then packages; what is left then counts for the tiers of the
month and is charged.
"""

from __future__ import annotations

from . import statements

#: Usage in the pricing unit, truncated by an exact division.
_TOTAL = "div(r.usage * 10000000000, p.conversion_factor) * 0.0000000001"

#: Usage of customers who hold something that may cover it: others are passed over first.
_HELD = """(
        SELECT * FROM (
            SELECT * FROM metering_resolved
            WHERE customer_id IN (SELECT customer_id FROM [holders]) OFFSET 0
        ) held
        WHERE id IS NOT NULL AND list_cost IS NULL AND kind = 'usage' AND usage > 0
    ) r"""
_HOLDERS = _HELD.replace("[holders]", "metering_holder")

#: A record of several hours is spread over them evenly; the parts add up to the last digit.
_PART = """div(total * 10000000000 * least(1, until), 1) * 0.0000000001
        - div(total * 10000000000 * since, 1) * 0.0000000001"""
_SINCE = "greatest(0, extract(epoch FROM h.hour - r.started_at)) / length.seconds"
_UNTIL = "extract(epoch FROM h.hour + interval '1 hour' - r.started_at) / length.seconds"
_HOURS = """
    CROSS JOIN LATERAL (
        SELECT greatest(extract(epoch FROM r.ended_at - r.started_at), 0.000001) AS seconds) length
    CROSS JOIN LATERAL generate_series(
        date_trunc('hour', r.started_at),
        greatest(r.ended_at - interval '1 microsecond', r.started_at), interval '1 hour') h (hour)"""


def _made(statement: str, held: str = _HOLDERS) -> str:
    parts = {
        "[total]": _TOTAL,
        "[held]": held,
        "[part]": _PART,
        "[since]": _SINCE,
        "[until]": _UNTIL,
        "[hours]": _HOURS,
    }
    for name, text in parts.items():
        statement = statement.replace(name, text)
    return statement


# --- Reserved instances ---------------------------------------------------------------------------

RESERVED_SUPPLY = """
INSERT INTO metering_supply
SELECT row_number() OVER (PARTITION BY c.account_id ORDER BY c.effective_at, c.id),
    c.id, c.account_id, p.spec_id, p.usage_type_id, p.pricing_unit_id, c.region_id, '',
    c.effective_at, coalesce(c.released_at, c.expires_at, 'infinity'), c.quantity, NULL
FROM resources_cloudresource c JOIN catalog_product p ON p.id = c.product_id
WHERE c.mode IN ('ri_upfront', 'ri_hourly') AND p.usage_type_id IS NOT NULL
    AND p.spec_id IS NOT NULL AND p.pricing_unit_id IS NOT NULL
    AND c.account_id IN (SELECT customer_id FROM metering_party)
"""
RESERVED_HOLDERS = """
INSERT INTO metering_holder
SELECT DISTINCT customer_id, spec_id, usage_type_id, pricing_unit_id FROM metering_supply
"""
RESERVED_DEMAND = _made("""
INSERT INTO metering_demand
SELECT id, customer_id, spec_id, usage_type_id, pricing_unit_id, region_id, hour,
    greatest(hour, started_at), '', [part]
FROM (
    SELECT r.id, r.customer_id, p.spec_id, p.usage_type_id, p.pricing_unit_id, r.region_id,
        r.started_at, h.hour, [total] AS total, [since] AS since, [until] AS until
    FROM [held]
    JOIN catalog_product p ON p.id = r.product_id AND p.mode = 'usage' AND NOT p.is_spot
    JOIN metering_holder o ON o.customer_id = r.customer_id AND o.spec_id = p.spec_id
        AND o.usage_type_id = p.usage_type_id AND o.pricing_unit_id = p.pricing_unit_id[hours]
) hours
""")
#: An instance gives its quantity of hours in every hour, to whoever comes first; never twice. Spot is
#: sold at a price of its own and takes none.
RESERVED_TAKE = """
WITH wanted AS (
    SELECT d.id, s.quota_id, d.hour, d.open,
        s.quota - coalesce(u.used, 0) - coalesce(sum(d.open) OVER (
            PARTITION BY s.quota_id, d.hour ORDER BY d.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS left_over,
        coalesce(u.used, 0) AS used
    FROM metering_demand d
    JOIN metering_supply s ON s.customer_id = d.customer_id AND s.spec_id = d.spec_id
        AND s.usage_type_id = d.usage_type_id AND s.pricing_unit_id = d.pricing_unit_id
        AND s.region_id IS NOT DISTINCT FROM d.region_id AND s.starts <= d.at AND d.at < s.ends
    LEFT JOIN LATERAL (
        SELECT sum(used) AS used FROM metering_reserveduse u
        WHERE u.resource_id = s.quota_id AND u.hour = d.hour
    ) u ON true
    WHERE s.place = %(place)s AND d.open > 0
)
INSERT INTO metering_covered (id, kind, quota_id, hour, used)
SELECT id, 'reserved', quota_id, hour, least(open, left_over) FROM wanted WHERE left_over > 0
"""
RESERVED_KEEP = """
INSERT INTO metering_reserveduse AS kept (cycle, resource_id, hour, used)
SELECT r.cycle, c.quota_id, c.hour, sum(c.used)
FROM metering_covered c JOIN metering_resolved r ON r.id = c.id
WHERE c.kind = 'reserved'
GROUP BY r.cycle, c.quota_id, c.hour ORDER BY c.quota_id, c.hour, r.cycle
ON CONFLICT (resource_id, hour, cycle) DO UPDATE SET used = kept.used + excluded.used
"""

# --- Savings plans --------------------------------------------------------------------------------

PLANS = """
INSERT INTO metering_plan
SELECT row_number() OVER (PARTITION BY c.account_id ORDER BY c.effective_at, c.id),
    c.id, c.account_id, p.service_type_id, c.region_id, c.effective_at,
    coalesce(c.released_at, c.expires_at, 'infinity'), p.commitment * c.quantity, p.plan_discount
FROM resources_cloudresource c JOIN catalog_product p ON p.id = c.product_id
WHERE c.mode = 'savings' AND p.commitment IS NOT NULL
    AND c.account_id IN (SELECT customer_id FROM metering_party)
"""
#: Usage of one price: no spot, no tiers, no 95th percentile; less what reserved instances cover.
PLANNED = _made(
    """
INSERT INTO metering_planned
SELECT id, customer_id, service_type_id, region_id, hour, greatest(hour, started_at), price, size,
    [part] - coalesce((SELECT sum(c.used) FROM metering_covered c
        WHERE c.id = hours.id AND c.kind = 'reserved' AND c.hour = hours.hour), 0)
FROM (
    SELECT r.id, r.customer_id, p.service_type_id, r.region_id, r.started_at, h.hour,
        s.unit_price AS price, coalesce(r.size, 1) AS size,
        [total] AS total, [since] AS since, [until] AS until
    FROM [held]
    JOIN catalog_product p ON p.id = r.product_id AND p.mode = 'usage' AND NOT p.is_spot
        AND NOT p.is_percentile
    JOIN (SELECT DISTINCT customer_id, service_type_id FROM metering_plan) o
        ON o.customer_id = r.customer_id AND o.service_type_id = p.service_type_id
    JOIN metering_span s ON NOT s.has_tiers AND s.product_id = r.product_id
        AND coalesce(s.region_id, 0) = coalesce(r.region_id, 0)
        AND s.starts <= r.started_at AND r.started_at < s.ends[hours]
) hours
""",
    _HELD.replace("[holders]", "metering_plan"),
)
#: A plan gives its commitment in every hour, to whoever comes first; never twice. What does not fit
#: wholly uses up the hour, so that the chunks of a file make no difference (pricing.cover_by_plan).
PLAN_TAKE = """
WITH wanted AS (
    SELECT d.id, s.resource_id, d.hour, d.open, rate.price, d.open * rate.price AS cost,
        s.commitment - coalesce(u.used, 0) - coalesce(sum(d.open * rate.price) OVER (
            PARTITION BY s.resource_id, d.hour ORDER BY d.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS left_over
    FROM metering_planned d
    JOIN metering_plan s ON s.customer_id = d.customer_id AND s.service_type_id = d.service_type_id
        AND (s.region_id IS NULL OR s.region_id = d.region_id) AND s.starts <= d.at AND d.at < s.ends
    CROSS JOIN LATERAL (
        SELECT trunc(d.price * (100 - s.discount) * 0.01, 10) * d.size AS price) rate
    LEFT JOIN LATERAL (
        SELECT sum(used) AS used FROM metering_savingsuse u
        WHERE u.resource_id = s.resource_id AND u.hour = d.hour
    ) u ON true
    WHERE s.place = %(place)s AND d.open > 0 AND rate.price > 0
)
INSERT INTO metering_covered (id, kind, quota_id, hour, used, cost)
SELECT id, 'savings', resource_id, hour,
    CASE WHEN cost <= left_over THEN open
        ELSE div(left_over * 10000000000, price) * 0.0000000001 END,
    least(cost, left_over)
FROM wanted WHERE left_over > 0
"""
PLAN_CLOSE = """
UPDATE metering_planned d SET open = d.open - c.used
FROM metering_covered c JOIN metering_plan s ON s.resource_id = c.quota_id AND s.place = %(place)s
WHERE c.kind = 'savings' AND c.id = d.id AND c.hour = d.hour
"""
PLAN_KEEP = """
INSERT INTO metering_savingsuse AS kept (cycle, resource_id, hour, used)
SELECT r.cycle, c.quota_id, c.hour, sum(c.cost)
FROM metering_covered c JOIN metering_resolved r ON r.id = c.id
WHERE c.kind = 'savings'
GROUP BY r.cycle, c.quota_id, c.hour ORDER BY c.quota_id, c.hour, r.cycle
ON CONFLICT (resource_id, hour, cycle) DO UPDATE SET used = kept.used + excluded.used
"""
PLAN_PLACES = "SELECT coalesce(max(place), 0) FROM metering_plan"

# --- Packages -------------------------------------------------------------------------------------

PACKAGE_HOLDERS = """
INSERT INTO metering_holder
SELECT DISTINCT c.account_id, NULL::bigint, p.usage_type_id, p.pricing_unit_id
FROM resources_cloudresource c JOIN catalog_product p ON p.id = c.product_id
WHERE c.mode = 'package' AND p.usage_type_id IS NOT NULL AND p.pricing_unit_id IS NOT NULL
    AND c.account_id IN (SELECT customer_id FROM metering_party)
"""
_PACKAGES = """
FROM resources_cloudresource c JOIN catalog_product p ON p.id = c.product_id
WHERE c.mode = 'package' AND p.usage_type_id IS NOT NULL AND p.pricing_unit_id IS NOT NULL
    AND c.account_id IN (SELECT customer_id FROM metering_party)
"""
#: The month's row of a package that starts anew, the only row of another.
PACKAGE_QUOTAS = """
WITH month AS (
    SELECT DISTINCT customer_id, date_trunc('month', started_at + interval '8 hours', 'UTC') AS month
    FROM metering_resolved r WHERE id IS NOT NULL AND list_cost IS NULL
        AND customer_id IN (SELECT customer_id FROM metering_holder)
), package AS (
    SELECT c.id, c.account_id, c.quantity, p.package_quota, p.package_reset, c.effective_at,
        coalesce(c.expires_at, c.effective_at + interval '100 years') AS expires_at
    [packages]
)
INSERT INTO resources_packagequota (account_id, resource_id, cycle, quota, used, starts_at, ends_at)
SELECT DISTINCT k.account_id, k.id,
    CASE k.package_reset WHEN 'month' THEN to_char(m.month AT TIME ZONE 'UTC', 'YYYY-MM') ELSE '' END,
    k.package_quota * k.quantity, 0,
    CASE k.package_reset WHEN 'month' THEN greatest(k.effective_at, m.month - interval '8 hours')
        ELSE k.effective_at END,
    CASE k.package_reset
        WHEN 'month' THEN least(k.expires_at,
            (m.month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC' - interval '8 hours')
        ELSE k.expires_at END
FROM month m JOIN package k ON k.account_id = m.customer_id
WHERE k.effective_at < (m.month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'
        - interval '8 hours'
    AND k.expires_at > m.month - interval '8 hours'
ON CONFLICT DO NOTHING
""".replace("[packages]", _PACKAGES)
PACKAGE_SUPPLY = """
INSERT INTO metering_supply
SELECT row_number() OVER (PARTITION BY c.account_id
        ORDER BY coalesce(c.expires_at, 'infinity'), c.id, q.starts_at),
    q.id, c.account_id, NULL, p.usage_type_id, p.pricing_unit_id, c.region_id, q.cycle,
    q.starts_at, q.ends_at, q.quota, q.used
FROM resources_packagequota q
JOIN resources_cloudresource c ON c.id = q.resource_id
JOIN catalog_product p ON p.id = c.product_id
WHERE c.mode = 'package' AND p.usage_type_id IS NOT NULL AND p.pricing_unit_id IS NOT NULL
    AND c.account_id IN (SELECT customer_id FROM metering_party)
    AND (q.cycle = '' OR q.cycle IN (
        SELECT DISTINCT to_char((started_at + interval '8 hours') AT TIME ZONE 'UTC', 'YYYY-MM')
        FROM metering_resolved
        WHERE id IS NOT NULL AND customer_id IN (SELECT customer_id FROM metering_holder)))
"""
PACKAGE_DEMAND = _made("""
INSERT INTO metering_demand
SELECT r.id, r.customer_id, NULL, p.usage_type_id, p.pricing_unit_id, r.region_id, NULL, r.started_at,
    to_char((r.started_at + interval '8 hours') AT TIME ZONE 'UTC', 'YYYY-MM'),
    [total] - coalesce((SELECT sum(c.used) FROM metering_covered c WHERE c.id = r.id), 0)
FROM [held]
JOIN catalog_product p ON p.id = r.product_id AND p.mode = 'usage'
JOIN metering_holder o ON o.customer_id = r.customer_id AND o.usage_type_id = p.usage_type_id
    AND o.pricing_unit_id = p.pricing_unit_id
""")
#: A package without a region covers all of them.
PACKAGE_TAKE = """
WITH wanted AS (
    SELECT d.id, s.quota_id, d.open, s.quota - s.used AS free,
        coalesce(sum(d.open) OVER (PARTITION BY s.quota_id ORDER BY d.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS prior,
        s.used
    FROM metering_demand d
    JOIN metering_supply s ON s.customer_id = d.customer_id AND s.usage_type_id = d.usage_type_id
        AND s.pricing_unit_id = d.pricing_unit_id
        AND (s.region_id IS NULL OR s.region_id = d.region_id)
        AND (s.month = '' OR s.month = d.month) AND s.starts <= d.at AND d.at < s.ends
    WHERE s.place = %(place)s AND d.open > 0
)
INSERT INTO metering_covered (id, kind, quota_id, before, used)
SELECT id, 'package', quota_id, used + prior, least(open, free - prior) FROM wanted WHERE free > prior
"""
PACKAGE_KEEP = """
UPDATE resources_packagequota q SET used = q.used + c.used
FROM (SELECT quota_id, sum(used) AS used FROM metering_covered WHERE kind = 'package'
      GROUP BY quota_id ORDER BY quota_id) c
WHERE q.id = c.quota_id
"""

# --- Both -----------------------------------------------------------------------------------------

#: What the supplies of this place took is not open any more.
CLOSE = """
UPDATE metering_demand d SET open = d.open - c.used
FROM metering_covered c JOIN metering_supply s
    ON s.quota_id = c.quota_id AND s.place = %(place)s
WHERE c.kind = %(kind)s AND c.id = d.id AND c.hour IS NOT DISTINCT FROM d.hour
"""
PLACES = "SELECT coalesce(max(place), 0) FROM metering_supply"
AGAIN = "TRUNCATE metering_demand, metering_supply, metering_holder"

# --- Tiers ----------------------------------------------------------------------------------------

#: Each part of the month's usage costs the price of its own tier: a record costs what lies between
#: the total before it and after it. A negative total costs as much as the positive one, negated, so
#: below zero the tiers are mirrored.
TIERS = """
INSERT INTO metering_tiered
WITH tier AS MATERIALIZED (
    SELECT price_id, above, unit_price,
        coalesce(lead(above) OVER (PARTITION BY price_id ORDER BY above), 'infinity') AS next
    FROM catalog_pricetier
    WHERE price_id IN (SELECT price_id FROM metering_span WHERE has_tiers)
), counted AS (
    SELECT r.id, s.price_id, [total] - coalesce(c.used, 0) AS quantity,
        r.cycle, r.customer_id, r.product_id, r.region_id
    FROM (
        SELECT * FROM metering_resolved
        WHERE product_id IN (SELECT product_id FROM metering_span WHERE has_tiers) OFFSET 0
    ) r
    JOIN catalog_product p ON p.id = r.product_id
    JOIN metering_span s ON s.has_tiers AND s.product_id = r.product_id
        AND coalesce(s.region_id, 0) = coalesce(r.region_id, 0)
        AND s.starts <= r.started_at AND r.started_at < s.ends
    LEFT JOIN LATERAL (SELECT sum(used) AS used FROM metering_covered WHERE id = r.id) c ON true
    WHERE r.id IS NOT NULL AND r.list_cost IS NULL OFFSET 0
), placed AS (
    SELECT n.id, n.price_id, n.quantity, coalesce(u.quantity, 0) + coalesce(sum(n.quantity) OVER (
        PARTITION BY n.cycle, n.customer_id, n.product_id, n.region_id ORDER BY n.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM counted n
    LEFT JOIN metering_tieruse u ON u.cycle = n.cycle AND u.customer_id = n.customer_id
        AND u.product_id = n.product_id AND u.region_id IS NOT DISTINCT FROM n.region_id
    OFFSET 0
), bounded AS (
    SELECT *, least(before, before + quantity) AS low, greatest(before, before + quantity) AS high
    FROM placed OFFSET 0
), part AS (
    SELECT b.id, b.quantity, b.before, t.unit_price,
        greatest(least(b.high, t.next) - greatest(b.low, t.above), 0)
            + CASE WHEN b.low < 0
                THEN greatest(least(b.high, -t.above) - greatest(b.low, -t.next), 0) ELSE 0 END
            AS within,
        -- Where nothing was used, the tier that the total stands in names the price.
        b.low = b.high AND t.above <= abs(b.low) AND abs(b.low) < t.next AS stands
    FROM bounded b JOIN tier t ON t.price_id = b.price_id OFFSET 0
)
SELECT id, quantity, before, coalesce(sum(within * unit_price), 0) * sign(quantity),
    CASE WHEN count(*) FILTER (WHERE within > 0 OR stands) = 1
        THEN max(unit_price) FILTER (WHERE within > 0 OR stands) END
FROM part GROUP BY id, quantity, before
""".replace("[total]", _TOTAL)
TIERS_KEEP = """
INSERT INTO metering_tieruse AS kept (cycle, customer_id, product_id, region_id, quantity)
SELECT r.cycle, r.customer_id, r.product_id, r.region_id, sum(t.quantity)
FROM metering_tiered t JOIN metering_resolved r ON r.id = t.id
GROUP BY r.cycle, r.customer_id, r.product_id, r.region_id
ORDER BY r.cycle, r.customer_id, r.product_id, r.region_id
ON CONFLICT (cycle, customer_id, product_id, region_id)
DO UPDATE SET quantity = kept.quantity + excluded.quantity
"""


def cover() -> None:
    """Use up reserved hours, commitments, packages and tiers for the chunk, and keep what is used."""
    if statements.run(RESERVED_SUPPLY):
        statements.run(RESERVED_HOLDERS)
        statements.run(RESERVED_DEMAND)
        _take(RESERVED_TAKE, "reserved", RESERVED_KEEP)
        statements.run(AGAIN)
    if statements.run(PLANS):
        statements.run(PLANNED)
        for place in range(1, statements.value(PLAN_PLACES) + 1):
            if statements.run(PLAN_TAKE, {"place": place}):
                statements.run(PLAN_CLOSE, {"place": place})
        statements.run(PLAN_KEEP)
    if statements.run(PACKAGE_HOLDERS):
        statements.run(PACKAGE_QUOTAS)
        statements.run(PACKAGE_SUPPLY)
        statements.run(PACKAGE_DEMAND)
        _take(PACKAGE_TAKE, "package", PACKAGE_KEEP)
    if statements.value("SELECT EXISTS (SELECT FROM metering_span WHERE has_tiers)"):
        statements.run(TIERS)
        statements.run(TIERS_KEEP)


def _take(statement: str, kind: str, keep: str) -> None:
    """One supply of each customer after the other, until all demand had its turn."""
    for place in range(1, statements.value(PLACES) + 1):
        if statements.run(statement, {"place": place}):
            statements.run(CLOSE, {"place": place, "kind": kind})
    statements.run(keep)
