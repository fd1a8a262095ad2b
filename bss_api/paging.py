"""Paging by ``offset`` and ``limit`` (docs/api/bss-api.md A.6)."""

from __future__ import annotations

import base64
import binascii
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


def marker_field() -> serializers.CharField:
    """Where the last page ended; absent on the first."""
    return serializers.CharField(max_length=64, required=False)


def after_marker(rows: QuerySet, data: dict[str, Any]) -> tuple[Sequence[Any], str | None]:
    """The rows that follow the marker, in the order of their keys, and the marker of the next page.

    A marker is opaque to the caller. Raises ValidationError for one that this API never gave.
    """
    limit, marker = data["limit"], data.get("marker")
    rows = rows.order_by("pk")
    if marker is not None:
        rows = rows.filter(pk__gt=_key_of(marker))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _marker_of(found[limit - 1].pk)


def _marker_of(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode()


def _key_of(marker: str) -> int:
    try:
        return int(base64.b64decode(marker, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise serializers.ValidationError({"marker": "No page begins here."}) from error
