"""What an exporter would write, without a worker."""

from __future__ import annotations

from typing import Any

from django.db import connection

from exports import statement
from partner_center.actors import Actor


def written(exporter: Any, actor: Actor, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the file by their heads; empty cells are left out."""
    compiled = statement.compile_source(exporter.source(actor, params), guarded=True)
    with connection.cursor() as cursor:
        cursor.execute(compiled.sql, compiled.params)
        found = [dict(zip(compiled.heads, row, strict=True)) for row in cursor.fetchall()]
    return [{head: value for head, value in row.items() if value is not None} for row in found]
