"""One chunk of lines goes in: one transaction, which also moves the intake on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import OperationalError, connection, transaction
from django.db.models import F

from partner_center import clock

from ..choices import SourceKind
from ..models import Intake, RejectedLine, UsageSource
from . import (
    calendar,
    discovering,
    parties,
    pipeline,
    pricing,
    resolving,
    statements,
)
from .reading import Chunk
from .recording import Written

#: Deadlock and serialization failure: the transaction is gone, its chunk can simply be taken again.
_AGAIN = {"40P01", "40001"}
ATTEMPTS = 5
#: Lines of a report are cut off there.
LONGEST_CONTENT = 10_000

_COPY = """
COPY metering_staged (line, key, fingerprint, kind, customer, product, region, resource_id,
    resource_name, unit, usage, size, points, list_cost, list_unit_price, started_at, ended_at,
    charged_at, extra) FROM STDIN
"""
#: Bytes that are handed to the server at once.
_BLOCK = 1 << 18
_COPY_DESCRIBED = "COPY metering_described FROM STDIN (FORMAT csv)"
_LIST_COST = "SELECT coalesce(sum(list_amount), 0) FROM metering_sum"
#: Identical rows without a number of their own are told apart by their place among each other.
_SEEN = """
CREATE TEMP TABLE IF NOT EXISTS metering_seen (key text PRIMARY KEY, count bigint NOT NULL)
"""
_NUMBER = """
UPDATE metering_staged s SET key = s.key || '#' || n.number
FROM (
    SELECT t.line, coalesce(k.count, 0) + row_number() OVER (PARTITION BY t.key ORDER BY t.line)
        AS number
    FROM metering_staged t LEFT JOIN metering_seen k ON k.key = t.key
    WHERE t.key LIKE 'row:%'
) n
WHERE n.line = s.line
"""
_REMEMBER = """
INSERT INTO metering_seen AS seen
SELECT split_part(key, '#', 1), count(*) FROM metering_staged WHERE key LIKE 'row:%'
GROUP BY split_part(key, '#', 1)
ON CONFLICT (key) DO UPDATE SET count = seen.count + excluded.count
"""


def begin() -> None:
    """Forget the rows of the file before; called once for each file, outside a transaction."""
    statements.run(_SEEN)
    statements.run("TRUNCATE metering_seen")


def take(source: UsageSource, intake: Intake, chunk: Chunk, moment: datetime) -> None:
    """Take in one chunk, wholly or not at all."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                _take(source, intake, chunk, moment)
            return
        except OperationalError as error:
            code = getattr(error.__cause__, "pgcode", "")
            if code not in _AGAIN or attempt == ATTEMPTS or connection.in_atomic_block:
                raise


def pass_over(chunk: Chunk) -> None:
    """Count the rows of a chunk that an earlier attempt took in."""
    if chunk.counts_rows:
        with transaction.atomic():
            statements.prepare()
            _stage(chunk)
            statements.run(_REMEMBER)


def _take(source: UsageSource, intake: Intake, chunk: Chunk, moment: datetime) -> None:
    statements.prepare()
    _stage(chunk)
    if chunk.counts_rows:
        _number_rows()
    if chunk.described:
        discovering.enter_catalogue()
    _find_parties(source)
    finds_resources = discovering.find_resources()
    parties.lock()
    pricing.of_lines()
    resolving.resolve(
        source_id=source.pk,
        intake_id=intake.pk,
        known=calendar.read(),
        moment=moment,
        today=clock.business_date(moment).isoformat(),
        nobody="unknown_sub_account" if source.kind == SourceKind.FOCUS else "unknown_customer",
    )
    written = pipeline.post(moment)
    if written.accepted and finds_resources:
        discovering.enter_resources(moment)
    _reject(intake, chunk, [*chunk.bad, *(resolving.refused() if written.refused else ())])
    _move_on(intake, chunk, written)


def _stage(chunk: Chunk) -> None:
    with connection.cursor() as cursor:
        chunk.staged.seek(0)
        cursor.copy_expert(_COPY, chunk.staged, _BLOCK)
        if chunk.described:
            cursor.copy_expert(_COPY_DESCRIBED, discovering.as_csv(chunk.described))


def _number_rows() -> None:
    statements.run(_NUMBER)
    statements.run(_REMEMBER)


def _find_parties(source: UsageSource) -> None:
    if source.kind == SourceKind.FOCUS:
        parties.of_sub_accounts(source.pk)
    else:
        parties.of_lines()


def _reject(intake: Intake, chunk: Chunk, bad: Iterable[tuple[int, str, str]]) -> None:
    RejectedLine.objects.bulk_create(
        RejectedLine(
            intake=intake,
            line=line,
            code=code,
            reason=_printable(reason)[:500],
            content=_printable(chunk.content(line))[:LONGEST_CONTENT],
        )
        for line, code, reason in bad
    )


def _printable(text: str) -> str:
    """Bytes that no text can hold become visible signs."""
    return (
        text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "\ufffd")
    )


def _move_on(intake: Intake, chunk: Chunk, written: Written) -> None:
    added = statements.value(_LIST_COST) if written.accepted else Decimal(0)
    Intake.objects.filter(pk=intake.pk).update(
        lines_done=chunk.last,
        accepted=F("accepted") + written.accepted,
        duplicates=F("duplicates") + written.duplicates,
        rejected=F("rejected") + written.refused + len(chunk.bad),
        list_cost=F("list_cost") + added,
    )
