"""Temporary tables that one chunk of records passes through, and how statements on them are run.

They live as long as the connection and are emptied by every commit: the catalogue of the database is
not written for each chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from psycopg2.extensions import AsIs

#: What a line says, checked one by one but not against anything stored.
STAGED = """
CREATE TEMP TABLE IF NOT EXISTS metering_staged (
    line bigint NOT NULL, key text NOT NULL, fingerprint uuid NOT NULL, kind text NOT NULL,
    customer text NOT NULL, product text NOT NULL, region text NOT NULL,
    resource_id text NOT NULL, resource_name text NOT NULL,
    usage numeric, unit text NOT NULL, size int, points int,
    list_cost numeric, list_unit_price numeric, started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL, charged_at timestamptz NOT NULL, extra jsonb
) ON COMMIT DELETE ROWS
"""
#: What lines of another provider say of the products that they name.
DESCRIBED = """
CREATE TEMP TABLE IF NOT EXISTS metering_described (
    product text NOT NULL, product_name text NOT NULL, service text NOT NULL,
    service_name text NOT NULL, category text NOT NULL, resource_type text NOT NULL,
    resource_type_name text NOT NULL, usage_type text NOT NULL, region text NOT NULL,
    region_name text NOT NULL, unit text NOT NULL, mode text NOT NULL, is_spot boolean NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Which units a line may name for a product's usage, and how they are converted.
UNIT = """
CREATE TEMP TABLE IF NOT EXISTS metering_unit (
    name text NOT NULL, usage_unit_id int NOT NULL, times numeric NOT NULL, by numeric NOT NULL
) ON COMMIT DELETE ROWS
"""
#: The same with every name resolved to a key, or the reason why it is refused.
RESOLVED = """
CREATE TEMP TABLE IF NOT EXISTS metering_resolved (
    id bigint, refusal text NOT NULL, line bigint NOT NULL, source_id bigint NOT NULL,
    intake_id bigint NOT NULL, key text NOT NULL, fingerprint uuid NOT NULL, kind text NOT NULL,
    customer_id bigint, product_id bigint, region_id bigint,
    resource_id text NOT NULL, resource_name text NOT NULL,
    usage numeric, size int, points int, list_cost numeric, list_unit_price numeric,
    started_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, charged_at timestamptz NOT NULL,
    cycle text NOT NULL, origin_cycle text NOT NULL, spent_on date NOT NULL,
    accepted_at timestamptz NOT NULL, facts_at timestamptz NOT NULL, extra jsonb
) ON COMMIT DELETE ROWS
"""
#: Customers of the chunk, as the lines name them, with the times in which they were frozen.
PARTY = """
CREATE TEMP TABLE IF NOT EXISTS metering_party (
    ref text NOT NULL, customer_id bigint NOT NULL, frozen tstzmultirange
) ON COMMIT DELETE ROWS
"""
#: Whose spend usage of a customer is, from when to when.
ATTRIBUTION = """
CREATE TEMP TABLE IF NOT EXISTS metering_attribution (
    customer_id bigint NOT NULL, association_id bigint NOT NULL, partner_id bigint NOT NULL,
    distributor_id bigint, model text NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Discounts of partners for Referral customers, from when to when.
DISCOUNT = """
CREATE TEMP TABLE IF NOT EXISTS metering_discount (
    association_id bigint NOT NULL, percent smallint NOT NULL,
    starts timestamptz NOT NULL, ends timestamptz NOT NULL
) ON COMMIT DELETE ROWS
"""
#: List prices of the chunk's products and regions: which one is in effect from when to when.
SPAN = """
CREATE TEMP TABLE IF NOT EXISTS metering_span (
    product_id bigint NOT NULL, region_id bigint, price_id bigint NOT NULL,
    unit_price numeric NOT NULL, highest numeric NOT NULL, has_tiers boolean NOT NULL,
    starts timestamptz NOT NULL, ends timestamptz NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Which customers hold what of packages and reserved instances, so that others are passed over.
HOLDER = """
CREATE TEMP TABLE IF NOT EXISTS metering_holder (
    customer_id bigint NOT NULL, spec_id bigint, usage_type_id bigint NOT NULL,
    pricing_unit_id int NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Usage that a reserved instance or package may cover, in the pricing unit; ``open`` is what is left.
DEMAND = """
CREATE TEMP TABLE IF NOT EXISTS metering_demand (
    id bigint NOT NULL, customer_id bigint NOT NULL, spec_id bigint, usage_type_id bigint NOT NULL,
    pricing_unit_id int NOT NULL, region_id bigint, hour timestamptz, at timestamptz NOT NULL,
    month text NOT NULL, open numeric NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Reserved instances and packages of the chunk's customers, each customer's in the order of their use.
SUPPLY = """
CREATE TEMP TABLE IF NOT EXISTS metering_supply (
    place int NOT NULL, quota_id bigint NOT NULL, customer_id bigint NOT NULL, spec_id bigint,
    usage_type_id bigint NOT NULL, pricing_unit_id int NOT NULL, region_id bigint, month text NOT NULL,
    starts timestamptz NOT NULL, ends timestamptz NOT NULL, quota numeric NOT NULL, used numeric
) ON COMMIT DELETE ROWS
"""
#: Savings plans of the chunk's customers, each customer's in the order of their use; USD an hour.
PLAN = """
CREATE TEMP TABLE IF NOT EXISTS metering_plan (
    place int NOT NULL, resource_id bigint NOT NULL, customer_id bigint NOT NULL,
    service_type_id bigint NOT NULL, region_id bigint, starts timestamptz NOT NULL,
    ends timestamptz NOT NULL, commitment numeric NOT NULL, discount int NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Usage of one hour that a savings plan may cover, in the pricing unit, with its list price.
PLANNED = """
CREATE TEMP TABLE IF NOT EXISTS metering_planned (
    id bigint NOT NULL, customer_id bigint NOT NULL, service_type_id bigint NOT NULL,
    region_id bigint, hour timestamptz NOT NULL, at timestamptz NOT NULL, price numeric NOT NULL,
    size int NOT NULL, open numeric NOT NULL
) ON COMMIT DELETE ROWS
"""
#: What they cover of a record; of a savings plan also how much of its commitment in USD.
COVERED = """
CREATE TEMP TABLE metering_covered (
    id bigint NOT NULL, kind text NOT NULL, quota_id bigint NOT NULL, hour timestamptz,
    before numeric, used numeric NOT NULL, cost numeric
) ON COMMIT DELETE ROWS;
CREATE INDEX ON metering_covered (id)
"""
#: What a record of a tiered price costs, and which price was the only one, if one was.
TIERED = """
CREATE TEMP TABLE IF NOT EXISTS metering_tiered (
    id bigint NOT NULL, quantity numeric NOT NULL, before numeric NOT NULL,
    amount numeric NOT NULL, unit_price numeric
) ON COMMIT DELETE ROWS
"""
#: What the charges that were just written add up to, by the keys of the roll-ups.
SUM = """
CREATE TEMP TABLE IF NOT EXISTS metering_sum (
    cycle text NOT NULL, customer_id bigint NOT NULL, association_id bigint, partner_id bigint,
    distributor_id bigint, model text NOT NULL, service_type_id bigint NOT NULL,
    product_id bigint NOT NULL, region_id bigint, mode text NOT NULL, bill_type text NOT NULL,
    spent_on date NOT NULL, charges bigint NOT NULL, list_amount numeric NOT NULL,
    discount_amount numeric NOT NULL
) ON COMMIT DELETE ROWS
"""
#: Resources that are entered because of the chunk.
UNKNOWN = """
CREATE TEMP TABLE IF NOT EXISTS metering_unknown (
    customer_id bigint NOT NULL, resource_id text NOT NULL
) ON COMMIT DELETE ROWS
"""
#: The next number of a record.
NEXT_ID = AsIs("nextval('metering_usagerecord_id_seq')")
ALL = {
    "metering_staged": STAGED,
    "metering_described": DESCRIBED,
    "metering_unit": UNIT,
    "metering_resolved": RESOLVED,
    "metering_party": PARTY,
    "metering_attribution": ATTRIBUTION,
    "metering_discount": DISCOUNT,
    "metering_span": SPAN,
    "metering_holder": HOLDER,
    "metering_demand": DEMAND,
    "metering_supply": SUPPLY,
    "metering_plan": PLAN,
    "metering_planned": PLANNED,
    "metering_covered": COVERED,
    "metering_tiered": TIERED,
    "metering_unknown": UNKNOWN,
    "metering_sum": SUM,
}
EMPTY = f"TRUNCATE {', '.join(ALL)}"


#: Compiling statements that run for milliseconds costs more than it saves. A chunk is sorted and hashed
#: in memory: nobody counts its rows before, and a merge would sort all of them for each name.
PLANS = """
SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL enable_mergejoin = off
"""
#: Several chunks in one transaction (a rebuild, orders of one payment) find rows of the one before.
IS_THERE = "SELECT to_regclass('pg_temp.metering_sum') IS NOT NULL"
IS_USED = """
SELECT EXISTS (SELECT FROM metering_staged) OR EXISTS (SELECT FROM metering_resolved)
    OR EXISTS (SELECT FROM metering_party)
"""


def prepare() -> None:
    """Begin a chunk inside the caller's transaction: the temporary tables are there and empty."""
    with connection.cursor() as cursor:
        cursor.execute(IS_THERE)
        if not cursor.fetchone()[0]:
            for statement in ALL.values():
                cursor.execute(statement)
        cursor.execute(IS_USED)
        if cursor.fetchone()[0]:
            cursor.execute(EMPTY)
        cursor.execute(PLANS)


def run(statement: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Run one statement; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def rows(statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run one statement; the rows that it answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def value(statement: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """The only value of the only row that a statement answers."""
    return rows(statement, parameters)[0][0]
