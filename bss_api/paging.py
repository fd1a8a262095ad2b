"""Paging by ``offset`` and ``limit`` (docs/api/bss-api.md A.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from partner_center.lists.listing import FEW

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


def keys_of(rows: QuerySet, data: dict[str, Any]) -> tuple[Sequence[Any], int]:
    """The keys of the asked rows and the number of all rows, for filters that may leave few.

    Few are read once, in no order, and are counted and ordered by themselves. With an order and a
    LIMIT the database would be tempted to walk through everything in order, in the hope of meeting
    the few early.
    """
    offset, limit = data["offset"], data["limit"]
    few = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        wanted = rows.model._default_manager.filter(pk__in=few).order_by(*rows.query.order_by)
        return list(wanted.values_list("pk", flat=True)[offset : offset + limit]), len(few)
    keys = rows.values_list("pk", flat=True)
    return list(keys[offset : offset + limit]), rows.count()
