"""Records become charges: what each costs at list price and whose spend it is."""

from __future__ import annotations

from collections.abc import Sequence

from partner_center.clock import BillingCycle

from . import statements

#: Quantities in the pricing unit are truncated to 10 decimals by an exact division; amounts are
#: products of exact numbers. ``catalog.rules.pricing`` is the same in Python.
RATE = """
WITH charged AS (
INSERT INTO {charges} (
    record_id, cycle, customer_id, association_id, partner_id, distributor_id, model, bill_type, mode,
    product_id, service_type_id, region_id, resource_id, started_at, ended_at, charged_at, spent_on,
    origin_cycle, order_no, original_order_no, order_type, period, period_count, quantity,
    reserved_hours, reason, usage, package_usage, reserved_usage, savings_usage,
    usage_unit_id, pricing_total, pricing_package, pricing_reserved, pricing_savings, pricing_unit_id,
    conversion_factor, size, points,
    unit_price, list_amount, discount_percent, discount_amount)
SELECT m.id, m.cycle, m.customer_id, m.association_id, m.partner_id, m.distributor_id,
    coalesce(m.model, ''),
    CASE WHEN m.origin_cycle <> '' THEN 'adjustment'
        WHEN m.kind IN ('usage', 'purchase') THEN 'expenditure'
        WHEN m.kind = 'refund' THEN 'refund' ELSE 'adjustment' END,
    m.mode, m.product_id, m.service_type_id, m.region_id, m.resource_id,
    m.started_at, m.ended_at, m.charged_at, m.spent_on, m.origin_cycle,
    coalesce(m.terms->>'order_no', ''), coalesce(m.terms->>'original_order_no', ''),
    coalesce(m.terms->>'order_type', ''), coalesce(m.terms->>'period', ''),
    (m.terms->>'period_count')::smallint, (m.terms->>'quantity')::int,
    (m.terms->>'reserved_hours')::int, coalesce(m.terms->>'reason', ''),
    CASE WHEN m.is_covered
        THEN m.usage - m.package_usage - m.reserved_usage - coalesce(m.savings_usage, 0)
        ELSE m.usage END,
    m.package_usage, m.reserved_usage, m.savings_usage, m.usage_unit_id,
    m.total, m.package, m.reserved, m.savings, m.pricing_unit_id, m.conversion_factor, m.size, m.points,
    m.unit_price, m.amount, coalesce(m.percent, 0),
    CASE WHEN m.terms IS NOT NULL THEN coalesce((m.terms->>'discount_amount')::numeric, 0)
        WHEN m.percent IS NULL THEN 0
        -- A percentage adds two decimals to the 20 that an amount has; what is given away is truncated.
        ELSE trunc(m.amount * m.percent / 100, 20) END
FROM (
    SELECT q.*,
        -- What is covered wholly is covered to the last digit of the usage, too.
        CASE WHEN NOT q.is_covered THEN q.reserved
            WHEN q.reserved = q.total THEN q.usage
            ELSE trunc(q.reserved * q.conversion_factor, 15) END AS reserved_usage,
        CASE WHEN q.reserved + q.savings = q.total
                THEN q.usage - trunc(q.reserved * q.conversion_factor, 15)
            ELSE trunc(q.savings * q.conversion_factor, 15) END AS savings_usage,
        CASE WHEN NOT q.is_covered OR q.package = 0 THEN q.package
            WHEN q.reserved + q.package + coalesce(q.savings, 0) = q.total
                THEN q.usage - trunc(q.reserved * q.conversion_factor, 15)
                    - trunc(coalesce(q.savings, 0) * q.conversion_factor, 15)
            ELSE trunc(q.package * q.conversion_factor, 15) END AS package_usage,
        CASE WHEN q.list_cost IS NOT NULL THEN q.list_unit_price
            WHEN t.id IS NOT NULL THEN t.unit_price ELSE q.price END AS unit_price,
        CASE WHEN q.list_cost IS NOT NULL THEN q.list_cost
            -- Usage Days/Total: multiplied first, truncated last (pricing.for_valid_days).
            WHEN q.valid_points IS NOT NULL THEN div(
                coalesce(t.amount, (q.total - q.package - q.reserved) * q.price)
                    * coalesce(q.size, 1) * q.valid_points * 100000000000000000000,
                288 * extract(day FROM (coalesce(nullif(q.origin_cycle, ''), q.cycle) || '-01')::date
                    + interval '1 month' - interval '1 day')) * 0.00000000000000000001
            WHEN t.id IS NOT NULL THEN t.amount * coalesce(q.size, 1)
            ELSE CASE WHEN q.is_covered
                THEN q.total - q.package - q.reserved - coalesce(q.savings, 0) ELSE q.total END
                * q.price * coalesce(q.size, 1) END AS amount
    FROM (
        SELECT r.id, r.cycle, r.customer_id, r.kind, r.product_id, r.region_id, r.resource_id,
            r.started_at, r.ended_at, r.charged_at, r.spent_on, r.origin_cycle, r.size, r.points,
            r.usage, r.list_cost, r.list_unit_price,
            CASE WHEN r.kind IN ('purchase', 'refund') THEN r.extra->'order'
                WHEN r.kind = 'adjustment' THEN r.extra->'adjustment' END AS terms,
            a.association_id, a.partner_id, a.distributor_id, a.model, d.percent,
            p.mode, p.service_type_id, p.usage_unit_id, p.pricing_unit_id,
            CASE WHEN r.usage IS NOT NULL THEN p.conversion_factor END AS conversion_factor,
            div(r.usage * 10000000000, p.conversion_factor) * 0.0000000001 AS total,
            c.id IS NOT NULL AS is_covered,
            CASE WHEN r.usage IS NOT NULL THEN coalesce(c.package, 0) END AS package,
            CASE WHEN r.usage IS NOT NULL THEN coalesce(c.reserved, 0) END AS reserved,
            c.savings,
            s.unit_price AS price, CASE WHEN p.is_percentile THEN r.points END AS valid_points
        FROM metering_resolved r
        JOIN catalog_product p ON p.id = r.product_id
        LEFT JOIN metering_span s ON r.list_cost IS NULL AND s.product_id = r.product_id
            AND coalesce(s.region_id, 0) = coalesce(r.region_id, 0)
            AND s.starts <= r.started_at AND r.started_at < s.ends
        LEFT JOIN metering_attribution a ON a.customer_id = r.customer_id
            AND a.starts <= r.facts_at AND r.facts_at < a.ends
        LEFT JOIN metering_discount d ON d.association_id = a.association_id AND a.model = 'referral'
            AND p.mode = 'usage' AND p.takes_partner_discount AND NOT p.is_spot
            AND d.starts <= r.facts_at AND r.facts_at < d.ends
        LEFT JOIN (
            SELECT id, sum(used) FILTER (WHERE kind = 'package') AS package,
                sum(used) FILTER (WHERE kind = 'reserved') AS reserved,
                sum(used) FILTER (WHERE kind = 'savings') AS savings
            FROM metering_covered GROUP BY id
        ) c ON c.id = r.id
        WHERE r.id IS NOT NULL OFFSET 0  -- worked out once, not at every mention
    ) q
    LEFT JOIN metering_tiered t ON t.id = q.id OFFSET 0
) m
RETURNING cycle, customer_id, association_id, model, product_id, region_id, bill_type, spent_on,
    list_amount, discount_amount
), summed AS MATERIALIZED (
    SELECT cycle, customer_id, association_id, model, product_id, region_id, bill_type, spent_on,
        count(*) AS charges, sum(list_amount) AS list_amount, sum(discount_amount) AS discount_amount
    FROM charged
    GROUP BY customer_id, product_id, spent_on, association_id, region_id, cycle, model, bill_type
)
INSERT INTO metering_sum
-- What the association and the product determine is looked up once for each sum.
SELECT s.cycle, s.customer_id, s.association_id, a.partner_id, a.distributor_id, s.model,
    p.service_type_id, s.product_id, s.region_id, p.mode, s.bill_type, s.spent_on,
    s.charges, s.list_amount, s.discount_amount
FROM summed s
JOIN catalog_product p ON p.id = s.product_id
LEFT JOIN (SELECT DISTINCT association_id, partner_id, distributor_id FROM metering_attribution) a
    ON a.association_id = s.association_id
"""
DEDUCTIONS = """
INSERT INTO {deductions} (id, record_id, cycle, quota_id, customer_id, used, before, deducted_at)
SELECT nextval(pg_get_serial_sequence('metering_packagededuction', 'id')),
    c.id, r.cycle, c.quota_id, r.customer_id, c.used, c.before, r.charged_at
FROM metering_covered c JOIN metering_resolved r ON r.id = c.id
WHERE c.kind = 'package' ORDER BY c.id, c.quota_id
"""


class Unrated(RuntimeError):
    """A record found no price or product while it was charged: nothing of its chunk is kept."""


def table_of(cycles: Sequence[str]) -> str:
    """Where charges of these cycles go: into the partition itself when it is one, which is quicker."""
    if len(cycles) == 1:
        return f"metering_charge_{BillingCycle.parse(cycles[0])}".replace("-", "_")
    return "metering_charge"


def charge(
    expected: int, charges: str = "metering_charge", deductions: str = "metering_packagededuction"
) -> None:
    """Write the charges of all records that are not refused, which are ``expected``, and their sums.

    A rebuild writes into tables of its own. Raises Unrated.
    """
    statements.run(RATE.format(charges=charges))
    if (
        found := statements.value("SELECT coalesce(sum(charges), 0) FROM metering_sum")
    ) != expected:
        raise Unrated(f"{found} charges of {expected} records")
    statements.run(DEDUCTIONS.format(deductions=deductions))
