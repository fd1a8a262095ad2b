"""Rows that many tests begin with, kept as SQL: put back by one statement a table, not made anew.

The database gets them as they were, keys included: no trigger runs and no constraint is checked again
(``session_replication_role``), for they passed both when they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper

_AS_THEY_WERE = "SET LOCAL session_replication_role = replica"
_AS_ALWAYS = "SET LOCAL session_replication_role = DEFAULT"


def tables() -> list[str]:
    """Every table of the project that holds rows of its own."""
    return sorted(connection.introspection.django_table_names(only_existing=True))


def last_keys(names: Iterable[str]) -> dict[str, str]:
    """A condition per table that the rows which it does not hold yet will meet."""
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            key = connection.introspection.get_primary_key_column(cursor, name)
            cursor.execute(f'SELECT max("{key}")::text FROM "{name}"')
            (last,) = cursor.fetchone()
            found[name] = "true" if last is None else f""""{key}" > {_literal(last)}"""
    return found


def kept(conditions: Mapping[str, str], on_conflict: str = "") -> str:
    """SQL that puts the rows back that these tables hold now under their conditions."""
    with connection.cursor() as cursor:
        found = [
            _insert(cursor, name, condition, on_conflict) for name, condition in conditions.items()
        ]
    return ";\n".join([_AS_THEY_WERE, *filter(None, found), _AS_ALWAYS])


def whole() -> str:
    """SQL that makes all tables hold what they hold now, and nothing else."""
    names = tables()
    return ";\n".join([_AS_THEY_WERE, *_deletes(names), kept(dict.fromkeys(names, "true"))])


def put_back(sql: str) -> None:
    """Execute what :func:`kept` gave."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def _insert(cursor: CursorWrapper, name: str, condition: str, on_conflict: str) -> str:
    cursor.execute(f'SELECT jsonb_agg(to_jsonb(t))::text FROM "{name}" t WHERE {condition}')
    (rows,) = cursor.fetchone()
    if rows is None:
        return ""
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
        [name],
    )
    (columns,) = cursor.fetchone()
    return (
        f'INSERT INTO "{name}" ({columns}) SELECT {columns} '
        f'FROM jsonb_populate_recordset(NULL::"{name}", {_literal(rows)}) {on_conflict}'
    )


def _deletes(names: Iterable[str]) -> list[str]:
    return [f'DELETE FROM "{name}"' for name in names]


def _literal(text: str) -> str:
    """A text constant; backslashes stand for themselves (standard_conforming_strings)."""
    return "'" + text.replace("'", "''") + "'"


def quicken_emptying() -> None:
    """Let tests that empty the tables do so by DELETE, and put back what migrations wrote as SQL.

    A TRUNCATE writes new files for each of a hundred tables and their indexes; here nearly all of
    them are empty. The lock waits, as TRUNCATE does, for connections that a test has left behind.
    """
    # The first such test finds them where they are.
    written = kept(dict.fromkeys(tables(), "true"), "ON CONFLICT DO NOTHING")

    def flush(
        self: DatabaseOperations,
        style: object,
        names: list[str],
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        if reset_sequences:
            return truncate(self, style, names, reset_sequences=True, allow_cascade=allow_cascade)
        every = ", ".join(map(self.quote_name, names))
        lock = f"LOCK TABLE {every} IN ACCESS EXCLUSIVE MODE"
        return [";\n".join([_AS_THEY_WERE, lock, *_deletes(names), _AS_ALWAYS])] if names else []

    truncate = DatabaseOperations.sql_flush
    DatabaseOperations.sql_flush = flush  # type: ignore[method-assign]
    DatabaseCreation.deserialize_db_from_string = lambda _self, _data: put_back(written)  # type: ignore[method-assign]
