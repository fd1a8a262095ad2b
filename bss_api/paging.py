"""Paging by ``offset`` and ``limit`` (docs/api/bss-api.md A.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet, Window
from rest_framework import serializers

DEFAULT_LIMIT = 10
MAX_OFFSET = 40_000_000


def offset_field() -> serializers.IntegerField:
    """How many rows to skip; 0 when absent."""
    return serializers.IntegerField(required=False, default=0, min_value=0, max_value=MAX_OFFSET)


def limit_field(maximum: int) -> serializers.IntegerField:
    """How many rows to answer at most; 10 when absent. Each operation has its maximum."""
    return serializers.IntegerField(
        required=False, default=DEFAULT_LIMIT, min_value=1, max_value=maximum
    )


def page_of(rows: QuerySet, data: dict[str, Any]) -> tuple[Sequence[Any], int]:
    """The asked rows and the number of all rows. ``rows`` must be ordered."""
    offset, limit = data["offset"], data["limit"]
    return list(rows[offset : offset + limit]), rows.count()


def keys_of(rows: QuerySet, data: dict[str, Any], *, searched: bool) -> tuple[Sequence[Any], int]:
    """The keys of the asked rows and the number of all rows. ``rows`` must be ordered.

    Rows that are ``searched``, found by parts of texts, are found once, for the number and for the
    page. Their condition stands in a subquery, where the order cannot tempt the database to walk
    through everything in order, in the hope of meeting the page early.
    """
    page = slice(data["offset"], data["offset"] + data["limit"])
    if not searched:
        return list(rows.values_list("pk", flat=True)[page]), rows.count()
    counted = list(rows.values_list("pk", Window(Count("*")))[page])
    if not counted and page.start:
        return [], rows.count()
    return [key for key, _number in counted], counted[0][1] if counted else 0
