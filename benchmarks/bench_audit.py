"""Sealing and verifying the audit trail (issue: 1,000,000 records in at most 60 s)."""

from __future__ import annotations

from django.db import connection, transaction

from accounts.services import creation
from audit import content, keys, sealing, verification
from partner_center import clock

from ._measure import Result, stopwatch

#: The records of a day's work, with the keyed hash that audit.services.record writes: HMAC-SHA256
#: spelled out, so that the database can make a million of them in seconds.
FILL = f"""
INSERT INTO audit_operationrecord (uid, account_id, at, action, actor_account_id, actor_name, door,
    ip, request_id, code_verified, target_type, target_id, target_name, before, after, trace_name,
    trace_status, resource_id, resource_name, response_code, mac)
SELECT uid, account_id, at, action, actor_account_id, actor_name, door, ip, request_id,
    code_verified, target_type, target_id, target_name, before, after, trace_name, trace_status,
    resource_id, resource_name, response_code,
    sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || {content.DIGEST_SQL}))
FROM (
    SELECT gen_random_uuid() AS uid, %(account)s::bigint AS account_id, now() AS at,
        'customers.budget.set' AS action, %(account)s::bigint AS actor_account_id,
        NULL::bigint AS actor_user_id, 'm.velasco' AS actor_name, 'page' AS door,
        inet '203.0.113.7' AS ip, md5(n::text) AS request_id, false AS code_verified,
        'customers.association' AS target_type, n::text AS target_id,
        'harborline-' || n AS target_name,
        jsonb_build_object('amount', n || '.00', 'type', 'monthly') AS before,
        jsonb_build_object('amount', n + 1 || '.00', 'type', 'monthly') AS after,
        '' AS trace_name, '' AS trace_status, '' AS resource_id, '' AS resource_name,
        NULL::jsonb AS request, NULL::jsonb AS response, '' AS response_code
    FROM generate_series(1, %(rows)s) n) r
"""
BARE = f"SELECT count({content.DIGEST_SQL}) FROM audit_operationrecord r"


def run(scale: str) -> list[Result]:
    """Seal and verify; the limit is the database hashing the same records without looking at them."""
    rows = 1_000_000 if scale == "full" else 100_000
    _fill(rows)
    with stopwatch() as sealed:
        sealing.seal_records()
    with stopwatch() as verified:
        outcome = verification.verify()
        wrong = sum(1 for _finding in outcome.findings())
    if wrong or outcome.records < rows:
        raise RuntimeError(f"{wrong} findings in {outcome.records} records")
    with stopwatch() as bare, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute(BARE)
    million = 1_000_000 / outcome.records
    return [
        Result("audit.verify", verified.seconds * million, "s/million records", at_most=60),
        Result(
            "audit.verify.rate",
            outcome.records / verified.seconds,
            "records/s",
            limit=outcome.records / bare.seconds,
        ),
        Result("audit.seal", rows / sealed.seconds, "records/s"),
    ]


def _fill(rows: int) -> None:
    account = creation.create_account(
        name="bench-audit",
        email="audit@bench.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    key = keys.current().record.ljust(64, b"\0")
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "account": account.pk,
                "rows": rows,
                "inner": bytes(byte ^ 0x36 for byte in key),
                "outer": bytes(byte ^ 0x5C for byte in key),
            },
        )
        cursor.execute("ANALYZE audit_operationrecord")
