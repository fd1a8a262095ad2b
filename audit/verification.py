"""Finding changed, removed and inserted records (``manage.py verify_audit``).

The database hashes the records' texts, we check the keyed hashes: one ordered pass over the chain,
then one over the records outside it. Nothing is held in memory, so any number of records will do.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from . import keys, rules, sealing
from .content import DIGEST_SQL
from .keys import AuditKeys
from .sealing import Head

#: The hashes come as one value, cut up by _Walk: that halves the driver's work.
_CHAIN = """
SELECT s.position, s.record_id, s.account_id,
       CASE WHEN r.id IS NULL THEN 'removed' WHEN r.account_id <> s.account_id THEN 'moved'
            WHEN r.mac <> s.record_mac THEN 'replaced' ELSE '' END,
       s.chain_hash || s.previous || s.record_mac || coalesce({digest}, '')
FROM audit_seal s LEFT JOIN audit_operationrecord r ON r.id = s.record_id
{where} ORDER BY s.position
"""
_OUTSIDE = """
SELECT r.id, r.mac, {digest}, p.record_id IS NOT NULL
FROM audit_operationrecord r
LEFT JOIN audit_seal s ON s.record_id = r.id
LEFT JOIN audit_pendingseal p ON p.record_id = r.id
WHERE s.record_id IS NULL {where} ORDER BY r.id
"""
_LOST = """
SELECT p.record_id FROM audit_pendingseal p
LEFT JOIN audit_operationrecord r ON r.id = p.record_id WHERE r.id IS NULL ORDER BY 1
"""
_TWICE = """
SELECT max(r.id) FROM audit_operationrecord r WHERE true {where} GROUP BY r.uid HAVING count(*) > 1
"""
_CHUNK = 5_000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: ``kind`` is changed, removed, inserted or chain."""

    kind: str
    record_id: int | None
    sentence: str


@dataclass
class Verification:
    """Outcome of a run: iterate over it first, the figures are complete afterwards."""

    account_id: int | None = None
    heads: list[Head] = field(default_factory=list)
    records: int = 0
    head: Head | None = None

    def findings(self) -> Iterator[Finding]:
        """Check everything and yield what is wrong. Records written meanwhile do no harm."""
        with transaction.atomic():
            yield from self._chain()
            yield from self._outside()
            yield from self._lost()

    def _where(self, alias: str, word: str) -> tuple[str, list[int]]:
        if self.account_id is None:
            return "", []
        return f"{word} {alias}.account_id = %s", [self.account_id]

    def _chain(self) -> Iterator[Finding]:
        where, parameters = self._where("s", "WHERE")
        walk = _Walk(whole=self.account_id is None, heads=self.heads)
        for row in _stream(_CHAIN.format(digest=DIGEST_SQL, where=where), parameters):
            self.records += row[3] != "removed"
            yield from walk.check(row)
        if self.account_id is None:
            self.head = walk.head
            yield from walk.missing_heads()

    def _outside(self) -> Iterator[Finding]:
        where, parameters = self._where("r", "AND")
        accepted = keys.accepted()
        for record_id, mac, digest, waiting in _stream(
            _OUTSIDE.format(digest=DIGEST_SQL, where=where), parameters
        ):
            self.records += 1
            if not _genuine(accepted, digest, mac):
                yield Finding("inserted", record_id, f"Record {record_id} was not written by us.")
            elif not waiting:
                yield Finding(
                    "chain", record_id, f"Record {record_id} is neither sealed nor waiting for it."
                )
        for (record_id,) in _stream(_TWICE.format(where=where), parameters):
            yield Finding("inserted", record_id, f"Record {record_id} is a copy of another record.")

    def _lost(self) -> Iterator[Finding]:
        if self.account_id is None:
            for (record_id,) in _stream(_LOST, []):
                yield Finding(
                    "removed", record_id, f"Record {record_id} was removed before it was sealed."
                )


class _Walk:
    """Walks the seals in order and remembers the last one."""

    def __init__(self, *, whole: bool, heads: list[Head]) -> None:
        self.accepted = keys.accepted()
        self.whole = whole
        self.heads = {head.position: head for head in heads} if whole else {}
        self.position = 0
        self.last_hash: bytes = rules.GENESIS
        self.last_record: int | None = None

    @property
    def head(self) -> Head | None:
        return Head(self.position, self.last_hash.hex()) if self.position else None

    def check(self, row: tuple[Any, ...]) -> list[Finding]:
        """Check one seal and its record."""
        position, record_id, account_id, state, joined = row
        link, previous, mac = joined[:32], joined[32:64], joined[64:96]
        linked = self._linked(rules.place(position, record_id, account_id), previous, mac, link)
        follows = position == self.position + 1 and previous == self.last_hash
        fits = not state and linked and _genuine(self.accepted, joined[96:], mac)
        found = [] if fits and (follows or not self.whole) else [*self._explain(row, linked)]
        if (kept := self.heads.pop(position, None)) and kept.chain_hash != link.hex():
            sentence = f"Seal {position} is not the one that was kept: {kept}."
            found.append(Finding("chain", None, sentence))
        self.position, self.last_hash, self.last_record = position, link, record_id
        return found

    def _linked(self, place: bytes, previous: bytes, mac: bytes, link: bytes) -> bool:
        return any(rules.chain_hash(k.chain, previous, place, mac) == link for k in self.accepted)

    def _explain(self, row: tuple[Any, ...], linked: bool) -> Iterator[Finding]:
        """What is wrong with a row that does not fit."""
        position, record_id, _account_id, state, joined = row
        if missing := self.whole and position - self.position - 1:
            yield Finding("removed", None, self._gap(missing, position, record_id))
        elif self.whole and joined[32:64] != self.last_hash:
            yield Finding("chain", record_id, f"Seal {position} does not follow the one before it.")
        if not linked:
            yield Finding("chain", record_id, f"Seal {position} was forged or changed.")
        if state == "removed":
            yield Finding("removed", record_id, f"Record {record_id} was removed.")
        elif state or not _genuine(self.accepted, joined[96:], joined[64:96]):
            yield Finding("changed", record_id, f"Record {record_id} was changed.")

    def _gap(self, missing: int, position: int, record_id: int) -> str:
        after = f"after record {self.last_record}" if self.last_record else "at the beginning"
        return (
            f"{missing} records with their seals ({self.position + 1} to {position - 1}) "
            f"were removed {after}, before record {record_id}."
        )

    def missing_heads(self) -> Iterator[Finding]:
        """Heads kept elsewhere that the chain no longer has: its end was cut off."""
        for kept in sorted(self.heads.values(), key=lambda h: h.position):
            if kept.position > self.position:
                lost = kept.position - self.position
                yield Finding(
                    "removed",
                    None,
                    f"The chain ends at {self.position}, a kept head says {kept.position}: "
                    f"the last {lost} records were removed.",
                )


def _genuine(accepted: list[AuditKeys], digest: bytes, mac: bytes) -> bool:
    """Whether one of our keys wrote this hash for this text."""
    return any(rules.record_mac(k.record, digest) == mac for k in accepted)


def _stream(sql: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query through a server-side cursor: flat memory.

    While we check a chunk, the database already hashes the next one.
    """
    with connection.chunked_cursor() as cursor, ThreadPoolExecutor(1) as ahead:
        cursor.execute(sql, parameters)
        coming = ahead.submit(cursor.fetchmany, _CHUNK)
        while rows := coming.result():
            coming = ahead.submit(cursor.fetchmany, _CHUNK)
            for row in rows:  # the driver's views of bytes do not compare with bytes
                yield tuple(bytes(v) if type(v) is memoryview else v for v in row)


def verify(account_id: int | None = None, heads: list[Head] | None = None) -> Verification:
    """A run over all records, or over one account's; ``heads`` are those kept elsewhere.

    A run over one account cannot see records that were removed together with their seals: these
    leave a gap in the chain that belongs to nobody.
    """
    return Verification(account_id, [*(heads or []), *sealing.kept_heads()])
