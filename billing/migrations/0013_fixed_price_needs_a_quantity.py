"""A fixed price without a quantity to count is no discount: the view says what whole bills say."""

from django.db import migrations

#: As before, but of the same charges as ``billing.services.settlement.RATED``: whether a fixed price is
#: meant is asked of the product, and where a charge has no quantity the term that counts leaves it at
#: its list amount, without a discount.
SETTLED = """
CREATE OR REPLACE VIEW billing_settled_charge AS
SELECT r.record_id, r.cycle, r.payer_id, r.partner_id, r.customer_id, r.service_type_id, r.product_id,
    r.region_id, r.mode, r.bill_type, r.order_no, r.charged_at, r.at, r.is_marketplace, r.is_outside,
    r.list_amount, r.settlement, r.percent, r.unit_price,
    CASE WHEN r.order_no <> '' OR r.mode NOT IN ('usage', 'ri_hourly', 'savings') THEN r.raw
        WHEN r.cycle < '2021-06' THEN trunc(r.raw, 2)
        WHEN r.cycle < '2021-08' THEN round(r.raw, 2)
        ELSE r.raw END AS settled
FROM (
    SELECT q.*,
        CASE WHEN t.is_special THEN 'special'
            WHEN q.is_adjustment THEN 'none' ELSE q.product_settlement END AS settlement,
        coalesce(t.percent, m.percent) AS percent, t.unit_price,
        CASE WHEN t.unit_price IS NOT NULL AND q.valid_points IS NOT NULL
                THEN div(t.unit_price * q.charged * q.size * q.valid_points * 100000000000000000000,
                    288 * q.days) * 0.00000000000000000001
            WHEN t.unit_price IS NOT NULL THEN t.unit_price * q.charged * q.size
            WHEN coalesce(t.percent, m.percent) IS NULL THEN q.list_amount
            ELSE q.list_amount * (100 - coalesce(t.percent, m.percent)) * 0.01 END AS raw
    FROM (
        SELECT c.record_id, c.cycle, coalesce(c.distributor_id, c.partner_id) AS payer_id, c.partner_id,
            c.customer_id, c.service_type_id, c.product_id, c.region_id, c.mode, c.bill_type, c.order_no,
            c.charged_at, c.list_amount, s.is_marketplace, p.settlement AS product_settlement,
            p.mode AS product_mode,
            c.bill_type = 'adjustment' AND c.origin_cycle = '' AS is_adjustment,
            c.pricing_total - c.pricing_package - c.pricing_reserved - coalesce(c.pricing_savings, 0)
                AS charged,
            coalesce(c.size, 1) AS size,
            CASE WHEN p.is_percentile THEN c.points END AS valid_points,
            extract(day FROM (coalesce(nullif(c.origin_cycle, ''), c.cycle) || '-01')::date
                + interval '1 month' - interval '1 day') AS days,
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
        LEFT JOIN orders_customerorder o ON c.original_order_no <> '' AND o.order_no = c.original_order_no
        WHERE c.model = 'reseller'
    ) q
    LEFT JOIN LATERAL (
        SELECT x.percent, x.unit_price, d.customer_id IS NOT NULL AS is_special
        FROM billing_commercialdiscount d JOIN billing_discountterm x ON x.discount_id = d.id
        WHERE d.account_id = q.payer_id AND (d.customer_id IS NULL OR d.customer_id = q.customer_id)
            AND d.starts_at <= q.at AND q.at < d.ends_at
            AND (x.product_id = q.product_id OR x.service_type_id = q.service_type_id
                OR x.product_id IS NULL AND x.service_type_id IS NULL
                    AND q.product_settlement = 'common')
            AND (x.unit_price IS NULL OR q.product_mode = 'usage')
        ORDER BY d.customer_id IS NULL, x.product_id IS NULL, x.service_type_id IS NULL,
            d.starts_at DESC, x.id DESC
        LIMIT 1
    ) t ON NOT q.is_marketplace AND NOT q.is_adjustment AND q.product_settlement <> 'none'
        AND (t.unit_price IS NULL OR q.charged IS NOT NULL)
    LEFT JOIN LATERAL (
        SELECT d.percent FROM billing_marketplacediscount d
        WHERE d.account_id = q.payer_id AND d.product_id = q.product_id
            AND d.starts_at <= q.at AND q.at < d.ends_at
        ORDER BY d.starts_at DESC, d.id DESC
        LIMIT 1
    ) m ON q.is_marketplace AND NOT q.is_adjustment
) r
"""
SETTLED_BACK = """
CREATE OR REPLACE VIEW billing_settled_charge AS
SELECT r.record_id, r.cycle, r.payer_id, r.partner_id, r.customer_id, r.service_type_id, r.product_id,
    r.region_id, r.mode, r.bill_type, r.order_no, r.charged_at, r.at, r.is_marketplace, r.is_outside,
    r.list_amount, r.settlement, r.percent, r.unit_price,
    CASE WHEN r.order_no <> '' OR r.mode NOT IN ('usage', 'ri_hourly', 'savings') THEN r.raw
        WHEN r.cycle < '2021-06' THEN trunc(r.raw, 2)
        WHEN r.cycle < '2021-08' THEN round(r.raw, 2)
        ELSE r.raw END AS settled
FROM (
    SELECT q.*,
        CASE WHEN t.is_special THEN 'special'
            WHEN q.is_adjustment THEN 'none' ELSE q.product_settlement END AS settlement,
        coalesce(t.percent, m.percent) AS percent, t.unit_price,
        CASE WHEN t.unit_price IS NOT NULL AND q.charged IS NULL THEN q.list_amount
            WHEN t.unit_price IS NOT NULL AND q.valid_points IS NOT NULL
                THEN div(t.unit_price * q.charged * q.size * q.valid_points * 100000000000000000000,
                    288 * q.days) * 0.00000000000000000001
            WHEN t.unit_price IS NOT NULL THEN t.unit_price * q.charged * q.size
            WHEN coalesce(t.percent, m.percent) IS NULL THEN q.list_amount
            ELSE q.list_amount * (100 - coalesce(t.percent, m.percent)) * 0.01 END AS raw
    FROM (
        SELECT c.record_id, c.cycle, coalesce(c.distributor_id, c.partner_id) AS payer_id, c.partner_id,
            c.customer_id, c.service_type_id, c.product_id, c.region_id, c.mode, c.bill_type, c.order_no,
            c.charged_at, c.list_amount, s.is_marketplace, p.settlement AS product_settlement,
            c.bill_type = 'adjustment' AND c.origin_cycle = '' AS is_adjustment,
            c.pricing_total - c.pricing_package - c.pricing_reserved - coalesce(c.pricing_savings, 0)
                AS charged,
            coalesce(c.size, 1) AS size,
            CASE WHEN p.is_percentile THEN c.points END AS valid_points,
            extract(day FROM (coalesce(nullif(c.origin_cycle, ''), c.cycle) || '-01')::date
                + interval '1 month' - interval '1 day') AS days,
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
        LEFT JOIN orders_customerorder o ON c.original_order_no <> '' AND o.order_no = c.original_order_no
        WHERE c.model = 'reseller'
    ) q
    LEFT JOIN LATERAL (
        SELECT x.percent, x.unit_price, d.customer_id IS NOT NULL AS is_special
        FROM billing_commercialdiscount d JOIN billing_discountterm x ON x.discount_id = d.id
        WHERE d.account_id = q.payer_id AND (d.customer_id IS NULL OR d.customer_id = q.customer_id)
            AND d.starts_at <= q.at AND q.at < d.ends_at
            AND (x.product_id = q.product_id OR x.service_type_id = q.service_type_id
                OR x.product_id IS NULL AND x.service_type_id IS NULL
                    AND q.product_settlement = 'common')
            AND (x.unit_price IS NULL OR q.mode = 'usage')
        ORDER BY d.customer_id IS NULL, x.product_id IS NULL, x.service_type_id IS NULL,
            d.starts_at DESC, x.id DESC
        LIMIT 1
    ) t ON NOT q.is_marketplace AND NOT q.is_adjustment AND q.product_settlement <> 'none'
    LEFT JOIN LATERAL (
        SELECT d.percent FROM billing_marketplacediscount d
        WHERE d.account_id = q.payer_id AND d.product_id = q.product_id
            AND d.starts_at <= q.at AND q.at < d.ends_at
        ORDER BY d.starts_at DESC, d.id DESC
        LIMIT 1
    ) m ON q.is_marketplace AND NOT q.is_adjustment
) r
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_asked_runs_and_verifications")]

    operations = [migrations.RunSQL(SETTLED, SETTLED_BACK)]
