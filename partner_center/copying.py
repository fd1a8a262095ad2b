"""Many rows at once, by COPY: what a file's rows or a check of all budgets leave behind."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import connection, models

#: How a value becomes JSON.
Encoder = Callable[[Any], str]


def insert(
    model: type[models.Model], rows: Iterable[models.Model], *, with_keys: bool = False
) -> None:
    """Write complete rows of one table in the running transaction.

    Columns with a default of the database take that, whatever the row says. Keys are made by the
    database and not read back, or those of the rows ``with_keys``.
    """
    statement, values = _shape(model, with_keys=with_keys)
    lines = [_line(row, values) for row in rows]
    if lines:
        with connection.cursor() as cursor:
            cursor.copy_expert(statement, io.StringIO("".join(lines)))


@cache
def _shape(
    model: type[models.Model], *, with_keys: bool
) -> tuple[str, list[tuple[str, Encoder | None]]]:
    """The statement, and the name of each value with the encoder of JSON."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if (with_keys or not field.primary_key) and field.db_default is models.NOT_PROVIDED
    ]
    values = [(field.attname, _encoder(field)) for field in fields]
    columns = ", ".join(field.column for field in fields)
    return f"COPY {model._meta.db_table} ({columns}) FROM STDIN (FORMAT csv, NULL '\\N')", values


def _encoder(field: models.Field) -> Encoder | None:
    return partial(json.dumps, cls=field.encoder) if isinstance(field, models.JSONField) else None


def _line(row: models.Model, values: list[tuple[str, Encoder | None]]) -> str:
    return ",".join([_cell(getattr(row, name), dumps) for name, dumps in values]) + "\n"


def _cell(value: Any, dumps: Encoder | None) -> str:
    """Every value in quotes, so that none can be taken for the NULL without."""
    if value is None:
        return "\\N"
    if dumps:
        text = dumps(value)
    elif isinstance(value, datetime):
        text = value.isoformat()
    elif isinstance(value, bytes | memoryview):
        text = f"\\x{bytes(value).hex()}"
    else:
        text = str(value)
    return '"' + text.replace('"', '""') + '"'
