"""Resolved records are written once: their key is stored in the transaction of their row."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from . import statements

#: Mostly all keys are new: then this is a third quicker than to ask for conflicts row by row.
WRITE = """
INSERT INTO metering_usagerecord (
    id, source_id, key, fingerprint, intake_id, line, kind, customer_id, product_id, region_id,
    resource_id, resource_name, usage, size, points, list_cost, list_unit_price,
    started_at, ended_at, charged_at, cycle, origin_cycle, spent_on, accepted_at, extra)
SELECT id, source_id, key, fingerprint, intake_id, line, kind, customer_id, product_id, region_id,
    resource_id, resource_name, usage, size, points, list_cost, list_unit_price,
    started_at, ended_at, charged_at, cycle, origin_cycle, spent_on, accepted_at, extra
FROM metering_resolved WHERE id IS NOT NULL
"""
#: Keys that are there already are left alone; also a key that comes twice in one chunk.
WRITE_NEW = f"{WRITE} ON CONFLICT (source_id, key) DO NOTHING"
#: Those that were left alone: duplicates if the content is the same, else refused.
CLASSIFY = """
UPDATE metering_resolved r
SET id = NULL,
    refusal = CASE WHEN u.fingerprint = r.fingerprint THEN 'duplicate' ELSE 'other_content' END
FROM metering_usagerecord u
WHERE r.id IS NOT NULL AND u.source_id = r.source_id AND u.key = r.key AND u.id <> r.id
"""
COUNT = """
SELECT count(id), count(*) FILTER (WHERE refusal = 'duplicate'),
    count(*) FILTER (WHERE refusal NOT IN ('', 'duplicate'))
FROM metering_resolved
"""


@dataclass(frozen=True)
class Written:
    """What became of the resolved records."""

    accepted: int
    duplicates: int
    refused: int


def write() -> Written:
    """Write what is not refused. Afterwards only what was written has a number."""
    try:
        with transaction.atomic():
            statements.run(WRITE)
    except IntegrityError:
        statements.run(WRITE_NEW)
        statements.run(CLASSIFY)
    return Written(*statements.rows(COUNT)[0])
