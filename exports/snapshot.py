"""One consistent view of the database for one task, on a connection of its own.

The transaction is REPEATABLE READ and READ ONLY: count and rows of a file fit together, whatever is
written meanwhile. It also holds the task's advisory lock: while a worker lives, no other writes the
same file, and when it dies the database frees the lock with the connection.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import psycopg2.extensions
from django.db import connection

#: First half of the lock's key, so that it meets no other lock of the project.
LOCK_SPACE = 0x6578_706F
SERVER_CURSOR_ROWS = 2000


class Snapshot:
    """Reads of one task."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def claim(self, key: int) -> bool:
        """Take the lock of a task until the snapshot ends; False when another worker has it."""
        with self._raw.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [(LOCK_SPACE << 32) + key])
            return cursor.fetchone()[0]

    def count(self, sql: str, params: Sequence[Any]) -> int:
        """Number of rows of a query."""
        with self._raw.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", params)  # noqa: S608 — both parts are compiled by Django, values are bound
            return cursor.fetchone()[0]

    def copy_csv(self, sql: str, params: Sequence[Any], out: BinaryIO) -> int:
        """Stream a query as CSV, one ``write`` a row; returns the number of rows."""
        with self._raw.cursor() as cursor:
            bound = cursor.mogrify(sql, params).decode()
            cursor.copy_expert(f"COPY ({bound}) TO STDOUT WITH (FORMAT csv)", out)
            return cursor.rowcount

    def rows(self, sql: str, params: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Stream a query through a cursor on the server."""
        with self._raw.cursor(name="export") as cursor:
            cursor.itersize = SERVER_CURSOR_ROWS
            cursor.execute(sql, params)
            yield from cursor


@contextmanager
def open_snapshot() -> Iterator[Snapshot]:
    """A snapshot; its connection is closed at the end, however that comes."""
    own = connection.copy()
    own.connect()
    try:
        own.connection.set_session(
            isolation_level=psycopg2.extensions.ISOLATION_LEVEL_REPEATABLE_READ,
            readonly=True,
            autocommit=False,
        )
        if sys.platform == "linux":
            _notice_dead_clients(own.connection)
        yield Snapshot(own.connection)
    finally:
        own.close()


def _notice_dead_clients(raw: Any) -> None:
    """Let the server look every second whether the worker is still there, and free its lock."""
    with raw.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '1s'")
    raw.commit()
