"""Many records at once, by COPY: what a file's rows or a check of all budgets leave behind."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, models

from .models import OperationRecord

_FIELDS = [field for field in OperationRecord._meta.concrete_fields if not field.primary_key]
#: Name of each value, and for JSON its encoder: many thousand records ask for them.
_VALUES = [
    (field.attname, partial(json.dumps, cls=field.encoder))
    if isinstance(field, models.JSONField)
    else (field.attname, None)
    for field in _FIELDS
]
_COPY = (
    f"COPY {OperationRecord._meta.db_table} ({', '.join(field.column for field in _FIELDS)}) "
    "FROM STDIN (FORMAT csv, NULL '\\N')"
)


def insert(entries: Sequence[OperationRecord]) -> None:
    """Write complete records in the running transaction; their keys are not read back."""
    if entries:
        with connection.cursor() as cursor:
            cursor.copy_expert(_COPY, io.StringIO("".join(map(_line, entries))))


def _line(entry: OperationRecord) -> str:
    return ",".join([_cell(getattr(entry, name), dumps) for name, dumps in _VALUES]) + "\n"


def _cell(value: Any, dumps: Callable[[Any], str] | None) -> str:
    """Every value in quotes, so that none can be taken for the NULL without."""
    if value is None:
        return "\\N"
    if dumps:
        text = dumps(value)
    elif isinstance(value, str):
        text = value
    elif isinstance(value, datetime):
        text = value.isoformat()
    elif isinstance(value, bytes | memoryview):
        text = f"\\x{bytes(value).hex()}"
    else:
        text = str(value)
    return '"' + text.replace('"', '""') + '"'
