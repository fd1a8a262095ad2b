"""Batches of the operator's metering: small enough for one transaction, answered the same way twice."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass

from django.db import transaction

from partner_center import clock
from partner_center.actors import Actor

from ..choices import IntakeState, SourceKind
from ..models import Intake, RejectedLine
from ..permissions import FEED_USAGE
from ..refusals import DamagedFile, OtherBatch, TooLarge
from . import intakes, reading, taking

#: What one batch may hold, unpacked.
MOST_BYTES = 32 * 1024 * 1024
MOST_LINES = 50_000
#: Rejected lines that an answer names; the operator's admin has them all.
SHOWN = 1_000


@dataclass(frozen=True)
class Batch:
    """What became of a batch, and its first rejected lines."""

    intake: Intake
    rejected_lines: list[RejectedLine]
    #: Whether the same batch had been taken in before; nothing was done then.
    repeated: bool


def take_batch(actor: Actor, *, source_name: str, batch_id: str, content: bytes) -> Batch:
    """Take in a batch of native records (CSV with a head or JSON lines, perhaps packed with gzip).

    Wholly or not at all; lines that are no records are rejected one by one. The same batch ID with
    the same content does nothing and answers as before.
    Raises OtherFormat, SourceInactive, WrongFormat, DamagedFile, TooLarge, OtherBatch.
    """
    actor.require(FEED_USAGE)
    plain = unpacked(content)
    digest = hashlib.sha256(plain).hexdigest()
    chunk = _chunk(plain)
    source = intakes.source(actor, source_name, SourceKind.NATIVE)
    with transaction.atomic():
        intake, is_new = Intake.objects.get_or_create(
            source=source,
            batch=batch_id,
            defaults={
                "name": batch_id,
                "content_hash": digest,
                "started_at": clock.now(),
                "state": IntakeState.COMPLETED,
            },
        )
        if intake.content_hash != digest:
            raise OtherBatch(field="batch_id")
        if is_new:
            taking.take(source, intake, chunk, clock.now())
            Intake.objects.filter(pk=intake.pk).update(finished_at=clock.now())
            intake.refresh_from_db()
    rejected = RejectedLine.objects.filter(intake=intake).order_by("line")[:SHOWN]
    return Batch(intake, list(rejected), repeated=not is_new)


def unpacked(content: bytes) -> bytes:
    """The batch itself. Raises TooLarge, DamagedFile."""
    if content[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            content = unpacker.decompress(content, MOST_BYTES + 1)
        except zlib.error as error:
            raise DamagedFile(str(error)) from error
        if not unpacker.eof and len(content) <= MOST_BYTES:
            raise DamagedFile("it ends too early")
    if len(content) > MOST_BYTES:
        raise TooLarge(f"A batch may hold at most {MOST_BYTES // 1024**2} MB unpacked.")
    return content


def _chunk(content: bytes) -> reading.Chunk:
    """All lines at once; a batch is one transaction."""
    reader = reading.Reader(io.BytesIO(content), SourceKind.NATIVE)
    chunk = next(reader.chunks(MOST_LINES + 1), None) or reading.Chunk(1)
    if len(chunk.raw) > MOST_LINES:
        raise TooLarge(f"A batch may hold at most {MOST_LINES:,} records.")
    return chunk
