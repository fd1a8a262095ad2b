"""Many records at once, by COPY: what a file's rows or a check of all budgets leave behind."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from .models import OperationRecord

_FIELDS = [field for field in OperationRecord._meta.concrete_fields if not field.primary_key]
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
    return ",".join(_cell(field, getattr(entry, field.attname)) for field in _FIELDS) + "\n"


def _cell(field: models.Field, value: Any) -> str:
    """Every value in quotes, so that none can be taken for the NULL without."""
    if value is None:
        return "\\N"
    if isinstance(field, models.JSONField):
        text = json.dumps(value, cls=field.encoder)
    elif isinstance(value, datetime):
        text = value.isoformat()
    elif isinstance(value, bytes | memoryview):
        text = f"\\x{bytes(value).hex()}"
    else:
        text = str(value)
    return '"' + text.replace('"', '""') + '"'
