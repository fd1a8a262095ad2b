"""What only usage knows: resources, and the catalogue of another provider's format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime

from ..rules.lines import Description
from . import statements

#: Resources of staged usage that are not entered yet: mostly there are none.
UNKNOWN = """
INSERT INTO metering_unknown
SELECT p.customer_id, s.resource_id
FROM (SELECT DISTINCT customer, resource_id FROM metering_staged OFFSET 0) s
JOIN metering_party p ON p.ref = s.customer
WHERE s.resource_id <> '' AND NOT EXISTS (
    SELECT FROM resources_cloudresource c
    WHERE c.account_id = p.customer_id AND c.resource_id = s.resource_id)
"""
#: Freezing and unfreezing change the same rows, by key: they wait for a new resource, or it for them.
HOLD = """
SELECT id FROM customers_association
WHERE ended_at IS NULL AND customer_id IN (SELECT customer_id FROM metering_unknown)
ORDER BY id FOR SHARE
"""
#: The first record of the chunk describes a resource, its product the specification. What comes in late
#: for a customer whose resources stand still by now stands still with them.
RESOURCES = """
INSERT INTO resources_cloudresource (
    account_id, resource_id, name, product_id, region_id, zone, mode, spec_text, size, quantity,
    configuration, tags, status, order_no, created_at, effective_at, period, expiry_policy,
    auto_renew_period, release_cause, is_discovered, updated_at, frozen_at)
SELECT r.customer_id, r.resource_id, left(r.resource_name, 255), r.product_id, r.region_id, '', p.mode,
    left(coalesce(d.text, s.name, p.name), 255), r.size, 1, '{}', '{}', 'running', '',
    r.started_at, r.started_at, '', 'retain', '', '', true, %(moment)s, f.began_at
FROM (
    SELECT DISTINCT ON (r.customer_id, r.resource_id) r.*
    FROM metering_unknown u
    JOIN metering_resolved r ON r.customer_id = u.customer_id AND r.resource_id = u.resource_id
    JOIN catalog_product p ON p.id = r.product_id
    WHERE r.id IS NOT NULL AND r.kind = 'usage' AND p.mode = 'usage'
    ORDER BY r.customer_id, r.resource_id, r.started_at, r.id
) r
JOIN catalog_product p ON p.id = r.product_id
LEFT JOIN catalog_resourcespec s ON s.id = p.spec_id
LEFT JOIN LATERAL (
    SELECT string_agg(a.each ->> 'value', '|' ORDER BY a.n) AS text
    FROM jsonb_array_elements(s.attributes) WITH ORDINALITY a(each, n)
) d ON true
LEFT JOIN resources_frozeninterval f ON f.account_id = r.customer_id AND f.ended_at IS NULL
ON CONFLICT (account_id, resource_id) DO NOTHING
"""

#: One after the other, each set-based; what is there already stays as it is.
CATALOGUE = (
    """
    INSERT INTO catalog_region (code, name, zones, is_offered, origin)
    SELECT DISTINCT ON (region) region, coalesce(nullif(region_name, ''), region), '{}', false, 'usage'
    FROM metering_described WHERE region <> '' ORDER BY region, region_name
    ON CONFLICT (code) DO NOTHING""",
    """
    INSERT INTO catalog_servicetype (code, name, abbreviation, category, overview,
        has_percentile_billing, page_slug, is_marketplace, origin)
    SELECT DISTINCT ON (service) service, service_name, '', category, '', false, '', false, 'usage'
    FROM metering_described ORDER BY service, service_name, category
    ON CONFLICT (code) DO NOTHING""",
    """
    INSERT INTO catalog_resourcetype (code, name, description, service_type_id, origin)
    SELECT DISTINCT ON (d.resource_type) d.resource_type, d.resource_type_name, '', s.id, 'usage'
    FROM metering_described d JOIN catalog_servicetype s ON s.code = d.service
    ORDER BY d.resource_type, d.resource_type_name
    ON CONFLICT (code) DO NOTHING""",
    """
    INSERT INTO catalog_usagetype (resource_type_id, code, name, origin)
    SELECT DISTINCT t.id, d.usage_type, coalesce(nullif(d.unit, ''), 'Quantity'), 'usage'
    FROM metering_described d JOIN catalog_resourcetype t ON t.code = d.resource_type
    ON CONFLICT (resource_type_id, code) DO NOTHING""",
    # Units of other providers get numbers beyond those of the vendor's list, type 0.
    """
    INSERT INTO catalog_measureunit (id, name, abbreviation, measure_type)
    SELECT base.id + row_number() OVER (ORDER BY unit), unit, left(unit, 32), 0
    FROM (SELECT DISTINCT d.unit FROM metering_described d
          WHERE d.unit <> '' AND NOT EXISTS (
              SELECT FROM catalog_measureunit m WHERE m.measure_type = 0 AND m.name = d.unit)) new,
        (SELECT greatest(coalesce(max(id), 0), 100000) AS id FROM catalog_measureunit) base""",
    """
    INSERT INTO catalog_product (code, name, service_type_id, resource_type_id, mode, usage_type_id,
        usage_unit_id, pricing_unit_id, conversion_factor, is_spot, is_percentile, settlement,
        takes_partner_discount, on_behalf_kinds, payment_option, package_reset, is_on_sale, origin)
    SELECT DISTINCT ON (d.product) d.product, d.product_name, s.id, t.id, d.mode, u.id, m.id, m.id, 1,
        d.is_spot, false, 'common', true, '{}', '', '', false, 'usage'
    FROM metering_described d
    JOIN catalog_servicetype s ON s.code = d.service
    JOIN catalog_resourcetype t ON t.code = d.resource_type
    JOIN catalog_usagetype u ON u.resource_type_id = t.id AND u.code = d.usage_type
    LEFT JOIN catalog_measureunit m ON m.measure_type = 0 AND m.name = d.unit
    ORDER BY d.product, d.product_name
    ON CONFLICT (code) DO NOTHING""",
)
#: One at a time: two intakes may meet a new unit at once, and its number is the next one.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('metering.catalogue'))"


def find_resources() -> bool:
    """Find the resources that are not entered yet, once parties are found; whether there are any.

    Nobody freezes or unfreezes their customers until the transaction ends. Called before any lock that
    somebody may ask for who has locked an association: buckets of customers, roll-ups.
    """
    found = bool(statements.run(UNKNOWN))
    if found:
        statements.rows(HOLD)
    return found


def enter_resources(moment: datetime) -> int:
    """Enter those of :func:`find_resources` whose records were accepted; how many."""
    return statements.run(RESOURCES, {"moment": moment})


def as_csv(described: Iterable[Description]) -> io.StringIO:
    """Descriptions as rows of their staging table."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows(astuple(description) for description in described)
    text.seek(0)
    return text


def enter_catalogue() -> None:
    """Enter what the described lines name and the catalogue does not have, with origin ``usage``."""
    statements.rows(_ALONE)
    for statement in CATALOGUE:
        statements.run(statement)
