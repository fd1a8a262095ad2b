"""Whose usage it is: customers of a chunk, their partners over time, their discounts."""

from __future__ import annotations

from . import statements

#: Names of customers in lines. Partners and the operator buy nothing (04-CUS).
FROM_LINES = """
INSERT INTO metering_party (ref, customer_id)
SELECT a.public_id, a.id
FROM (SELECT DISTINCT customer FROM metering_staged) s
JOIN accounts_account a ON a.public_id = s.customer
WHERE NOT a.is_operator AND a.partner_kind = ''
"""
#: The same through the sub-accounts of a provider.
FROM_SUB_ACCOUNTS = """
INSERT INTO metering_party (ref, customer_id)
SELECT a.sub_account_id, a.customer_id
FROM (SELECT DISTINCT customer FROM metering_staged) s
JOIN metering_subaccount a ON a.source_id = %(source)s AND a.sub_account_id = s.customer
"""
#: Customers of records that are resolved already.
FROM_RECORDS = """
INSERT INTO metering_party (ref, customer_id)
SELECT '', customer_id FROM (SELECT DISTINCT customer_id FROM metering_resolved) r
"""
#: Usage of these times is not charged (04 matrix).
FROZEN = """
UPDATE metering_party p SET frozen = f.frozen
FROM (
    SELECT account_id, range_agg(tstzrange(began_at, ended_at)) AS frozen
    FROM resources_frozeninterval
    WHERE account_id IN (SELECT customer_id FROM metering_party)
    GROUP BY account_id
) f
WHERE f.account_id = p.customer_id
"""
#: An association is cut where its model changed: each part has the model of that time. Its end is
#: also that of the next one, so that no moment belongs to two and no record is charged twice.
ATTRIBUTION = """
INSERT INTO metering_attribution
WITH association AS (
    SELECT a.*, least(
            coalesce(a.ended_at, 'infinity'),
            coalesce(lead(a.associated_at) OVER (
                PARTITION BY a.customer_id ORDER BY a.associated_at, a.id), 'infinity')) AS ends
    FROM customers_association a
    WHERE a.customer_id IN (SELECT customer_id FROM metering_party)
), change AS (
    SELECT r.association_id, r.model, r.decided_at
    FROM customers_associationrequest r JOIN association a ON a.id = r.association_id
    WHERE r.purpose = 'type_change' AND r.status = 'completed'
), part AS (
    -- Before the first change it had the other model of the two.
    SELECT association_id, '-infinity'::timestamptz AS starts,
        CASE model WHEN 'reseller' THEN 'referral' ELSE 'reseller' END AS model
    FROM (SELECT DISTINCT ON (association_id) * FROM change ORDER BY association_id, decided_at) first
    UNION ALL
    SELECT association_id, decided_at, model FROM change
), timed AS (
    SELECT *, lead(starts, 1, 'infinity') OVER (PARTITION BY association_id ORDER BY starts) AS ends
    FROM part
)
SELECT a.customer_id, a.id, a.account_id, a.distributor_id, coalesce(t.model, a.model),
    greatest(a.associated_at, coalesce(t.starts, '-infinity')),
    least(a.ends, coalesce(t.ends, 'infinity'))
FROM association a LEFT JOIN timed t ON t.association_id = a.id
WHERE greatest(a.associated_at, coalesce(t.starts, '-infinity'))
    < least(a.ends, coalesce(t.ends, 'infinity'))
"""
#: A discount counts from the moment that it was set, on its days (GMT+08:00), until it was closed.
DISCOUNTS = """
INSERT INTO metering_discount
SELECT d.association_id, d.percent,
    greatest(d.set_at, (d.starts_on || ' 00:00+08')::timestamptz),
    least(coalesce(d.closed_at, 'infinity'), (d.ends_on + 1 || ' 00:00+08')::timestamptz)
FROM customers_partnerdiscount d
WHERE d.association_id IN (SELECT association_id FROM metering_attribution WHERE model = 'referral')
"""
#: Locks of customers are these many: a chunk with many customers must not fill the lock table.
BUCKETS = 256
#: Always in the same order, so that two intakes never wait for each other.
LOCK = """
SELECT pg_advisory_xact_lock(hashtext('metering.customers'), bucket)
FROM (SELECT DISTINCT (customer_id %% %(buckets)s)::int AS bucket
      FROM metering_party ORDER BY 1) buckets
"""


LOCK_ALL = """
SELECT pg_advisory_xact_lock(hashtext('metering.customers'), bucket)
FROM generate_series(0, %(buckets)s - 1) bucket
"""


def of_lines() -> None:
    """Fill the tables of parties for staged lines that name customers of ours."""
    statements.run(FROM_LINES)
    _facts()


def of_sub_accounts(source_id: int) -> None:
    """Fill the tables of parties for staged lines that name sub-accounts of a provider."""
    statements.run(FROM_SUB_ACCOUNTS, {"source": source_id})
    _facts()


def of_records() -> None:
    """Fill the tables of parties for the resolved records."""
    statements.run(FROM_RECORDS)
    _facts()


def lock() -> None:
    """Let only one transaction at a time use up tiers, packages and reserved hours of a customer."""
    statements.rows(LOCK, {"buckets": BUCKETS})


def lock_all() -> None:
    """Keep all intakes out until the transaction ends; asked before anything else is locked."""
    statements.rows(LOCK_ALL, {"buckets": BUCKETS})


def _facts() -> None:
    for statement in (FROZEN, ATTRIBUTION, DISCOUNTS):
        statements.run(statement)
