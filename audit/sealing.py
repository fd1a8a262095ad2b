"""The chain: sealing records in the background, and keeping its head outside the database.

Writers only add their own row. This job puts committed records into the chain, a batch per
transaction: killed at any point, it leaves whole batches behind and goes on the next time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from partner_center import clock

from . import keys, rules
from .models import Seal

BATCH = 10_000
#: Folder of the private storage with one file a day: the newest head of that day.
HEADS = "audit/heads"
#: Advisory lock of the one sealing job.
_LOCK = 0x5EA1

_TAKE = """
WITH batch AS (
    DELETE FROM audit_pendingseal WHERE record_id IN (
        SELECT record_id FROM audit_pendingseal ORDER BY record_id LIMIT %s)
    RETURNING record_id)
SELECT r.id, r.account_id, r.mac
FROM batch JOIN audit_operationrecord r ON r.id = batch.record_id ORDER BY r.id
"""
_SEAL = """
INSERT INTO audit_seal (position, record_id, account_id, record_mac, previous, chain_hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])
"""


@dataclass(frozen=True)
class Head:
    """The last link of the chain at some moment, as it is printed and kept: ``position:hash``."""

    position: int
    chain_hash: str

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read ``position:hash``. Raises ValueError for anything else."""
        found = re.fullmatch(r"(\d+):([0-9a-f]{64})", text.strip())
        if not found:
            raise ValueError(f"A head is written position:hash, not {text!r}")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.position}:{self.chain_hash}"


def seal_records() -> int:
    """Put all committed records into the chain and return how many. A second job at once does nothing.

    Order within a batch is by id; a record that commits later gets a later place, whatever its id,
    so that no running transaction is waited for.
    """
    total = 0
    while sealed := _seal_batch():
        total += sealed
    if total:
        keep_head()
    return total


def head() -> Head | None:
    """The last link, or None while the chain is empty."""
    last = Seal.objects.order_by("-position").first()
    return Head(last.position, bytes(last.chain_hash).hex()) if last else None


def keep_head() -> None:
    """Write today's head into the private storage, where the database cannot reach it.

    Cutting off the end of the chain leaves a chain that is whole: only a head kept elsewhere shows it.
    """
    last = head()
    name = f"{HEADS}/{clock.business_date(clock.now()).isoformat()}.txt"
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(f"{last}\n"))


def kept_heads() -> list[Head]:
    """The heads in the private storage."""
    if not default_storage.exists(HEADS):
        return []
    heads = []
    for name in default_storage.listdir(HEADS)[1]:
        with default_storage.open(f"{HEADS}/{name}") as file:
            heads.append(Head.parse(file.read().decode()))
    return heads


@transaction.atomic(durable=True)
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [BATCH])
        if rows := cursor.fetchall():
            cursor.execute(_SEAL, _links(rows))
    return len(rows)


def _links(rows: list[tuple[int, int, memoryview]]) -> list[list[int] | list[bytes]]:
    """The columns of the new seals, in the order of _SEAL."""
    last = Seal.objects.order_by("-position").first()
    previous = bytes(last.chain_hash) if last else rules.GENESIS
    key = keys.current().chain
    hashes = [previous]
    positions = count(last.position + 1 if last else 1)
    places = [next(positions) for _row in rows]
    for position, (record_id, account_id, mac) in zip(places, rows, strict=True):
        place = rules.place(position, record_id, account_id)
        hashes.append(rules.chain_hash(key, hashes[-1], place, bytes(mac)))
    records, accounts, macs = (list(column) for column in zip(*rows, strict=True))
    return [places, records, accounts, [bytes(m) for m in macs], hashes[:-1], hashes[1:]]
