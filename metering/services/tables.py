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
    list_cost numeric, list_unit_price numeric,
    started_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, extra jsonb
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
    accepted_at timestamptz NOT NULL, extra jsonb
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
    unit_price numeric NOT NULL, has_tiers boolean NOT NULL,
    starts timestamptz NOT NULL, ends timestamptz NOT NULL
) ON COMMIT DELETE ROWS
"""
#: What reserved instances and packages cover of a record, in the pricing unit.
COVERED = """
CREATE TEMP TABLE IF NOT EXISTS metering_covered (
    id bigint NOT NULL, kind text NOT NULL, quota_id bigint NOT NULL, hour timestamptz,
    before numeric, used numeric NOT NULL
) ON COMMIT DELETE ROWS
"""
#: What a record of a tiered price costs, and which price was the only one, if one was.
TIERED = """
CREATE TEMP TABLE IF NOT EXISTS metering_tiered (
    id bigint NOT NULL, quantity numeric NOT NULL, before numeric NOT NULL,
    amount numeric NOT NULL, unit_price numeric
) ON COMMIT DELETE ROWS
"""
#: Charges before they are written.
RATED = """
CREATE TEMP TABLE IF NOT EXISTS metering_rated (LIKE metering_charge) ON COMMIT DELETE ROWS
"""
#: The next number of a record.
NEXT_ID = AsIs("nextval('metering_usagerecord_id_seq')")
ALL = (STAGED, RESOLVED, PARTY, ATTRIBUTION, DISCOUNT, SPAN, COVERED, TIERED, RATED)
EMPTY = """
TRUNCATE metering_staged, metering_resolved, metering_party, metering_attribution, metering_discount,
    metering_span, metering_covered, metering_tiered, metering_rated
"""


def prepare() -> None:
    """Begin a chunk inside the caller's transaction: the temporary tables are there and empty."""
    with connection.cursor() as cursor:
        for statement in ALL:
            cursor.execute(statement)
        cursor.execute(EMPTY)
        # Compiling statements that run for milliseconds costs more than it saves.
        cursor.execute("SET LOCAL jit = off")


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
