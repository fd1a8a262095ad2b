"""Finding changed, removed and inserted records (``manage.py verify_audit``).

The database hashes the records' texts, we check the keyed hashes: one ordered pass over the chain,
then one over the records outside it. Nothing is held in memory, so any number of records will do.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from . import keys, rules, sealing
from .content import DIGEST_SQL
from .keys import AuditKeys
from .sealing import Head

_CHAIN = f"""
SELECT s.position, s.record_id, s.account_id, s.record_mac, s.previous, s.chain_hash,
       r.id, r.account_id, r.mac, {DIGEST_SQL}
FROM audit_seal s LEFT JOIN audit_operationrecord r ON r.id = s.record_id
{{where}} ORDER BY s.position
"""
_OUTSIDE = f"""
SELECT r.id, r.mac, {DIGEST_SQL}, p.record_id IS NOT NULL
FROM audit_operationrecord r
LEFT JOIN audit_seal s ON s.record_id = r.id
LEFT JOIN audit_pendingseal p ON p.record_id = r.id
WHERE s.record_id IS NULL {{where}} ORDER BY r.id
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
        for row in _stream(_CHAIN.format(where=where), parameters):
            self.records += row[6] is not None
            yield from walk.check(row)
        if self.account_id is None:
            self.head = walk.head
            yield from walk.missing_heads()

    def _outside(self) -> Iterator[Finding]:
        where, parameters = self._where("r", "AND")
        accepted = keys.accepted()
        for record_id, mac, digest, waiting in _stream(_OUTSIDE.format(where=where), parameters):
            self.records += 1
            if not _genuine(accepted, digest, mac):
                yield Finding("inserted", record_id, f"Record {record_id} was not written by us.")
            elif not waiting:
                yield Finding(
                    "chain", record_id, f"Record {record_id} is neither sealed nor waiting for it."
                )
        for (record_id,) in _stream(_TWICE.format(where=where), parameters):
            yield Finding(
                "inserted", record_id, f"Record {record_id} is a copy of another record."
            )

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
        self.heads = {head.position: head for head in heads}
        self.position = 0
        self.last_hash = rules.GENESIS
        self.last_record: int | None = None

    @property
    def head(self) -> Head | None:
        return Head(self.position, self.last_hash.hex()) if self.position else None

    def check(self, row: tuple[Any, ...]) -> Iterator[Finding]:
        """Check one seal and its record."""
        position, record_id, account_id, sealed_mac, previous, link = row[:6]
        yield from self._check_place(position, record_id, bytes(previous))
        if not any(
            hmac.compare_digest(
                rules.chain_hash(k.chain, previous, position, record_id, account_id, sealed_mac),
                link,
            )
            for k in self.accepted
        ):
            yield Finding("chain", record_id, f"Seal {position} was forged or changed.")
        yield from self._check_record(row)
        yield from self._check_head(position, bytes(link).hex())
        self.position, self.last_hash, self.last_record = position, bytes(link), record_id

    def _check_place(self, position: int, record_id: int, previous: bytes) -> Iterator[Finding]:
        if not self.whole:
            return
        if missing := position - self.position - 1:
            places = f"{missing} records with their seals ({self.position + 1} to {position - 1})"
            yield Finding(
                "removed",
                None,
                f"{places} were removed between record {self.last_record} and record {record_id}.",
            )
        elif previous != self.last_hash:
            yield Finding("chain", record_id, f"Seal {position} does not follow the one before it.")

    def _check_record(self, row: tuple[Any, ...]) -> Iterator[Finding]:
        record_id, account_id, sealed_mac = row[1:4]
        found_id, found_account, mac, digest = row[6:10]
        if found_id is None:
            yield Finding("removed", record_id, f"Record {record_id} was removed.")
        elif found_account != account_id or not _genuine(self.accepted, digest, sealed_mac):
            if mac == sealed_mac and not _genuine(self.accepted, digest, mac):
                yield Finding("changed", record_id, f"Record {record_id} was changed.")
            else:
                yield Finding("changed", record_id, f"Record {record_id} was replaced.")
        elif mac != sealed_mac:
            yield Finding("changed", record_id, f"The hash of record {record_id} was changed.")

    def _check_head(self, position: int, link: str) -> Iterator[Finding]:
        kept = self.heads.pop(position, None) if self.whole else None
        if kept and kept.chain_hash != link:
            yield Finding("chain", None, f"Seal {position} is not the one that was kept: {kept}.")

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


def _genuine(accepted: list[AuditKeys], digest: memoryview, mac: memoryview) -> bool:
    """Whether one of our keys wrote this hash for this text."""
    return any(hmac.compare_digest(rules.record_mac(k.record, digest), mac) for k in accepted)


def _stream(sql: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query through a server-side cursor: flat memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


def verify(account_id: int | None = None, heads: list[Head] | None = None) -> Verification:
    """A run over all records, or over one account's; ``heads`` are those kept elsewhere.

    A run over one account cannot see records that were removed together with their seals: these
    leave a gap in the chain that belongs to nobody.
    """
    return Verification(account_id, [*(heads or []), *sealing.kept_heads()])
