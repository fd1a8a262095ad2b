"""In which enterprise project a charge was made: where its resource was at that moment."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from resources.queries.projects import DEFAULT_ID, DEFAULT_NAME, are_used, stay_of_charge

from ..models import Charge


def narrowed(rows: QuerySet[Charge], project: str | None) -> QuerySet[Charge]:
    """Charges of the project with this public ID, ``0``: of the default one; None: all.

    Nothing is outside every project, so other words find nothing.
    """
    if project is None:
        return rows
    if project == DEFAULT_ID:
        return rows.filter(~Exists(stay_of_charge()))
    try:
        key = UUID(project)
    except ValueError:
        return rows.none()
    return rows.filter(Exists(stay_of_charge().filter(project__public_id=key)))


def columns(customer_ids: Collection[int]) -> dict[str, Any]:
    """Expressions over charges of these customers: ID and name of the project."""
    if not are_used(customer_ids):
        return {"project_code": Value(DEFAULT_ID), "project_name": Value(DEFAULT_NAME)}
    return {"project_code": code(), "project_name": _of_stay("project__name", DEFAULT_NAME)}


def code() -> Coalesce:
    """Expression over charges: the public ID of the project."""
    return _of_stay(Cast("project__public_id", CharField()), DEFAULT_ID)


def _of_stay(path: Any, default: str) -> Coalesce:
    found = stay_of_charge().values_list(path)[:1]
    return Coalesce(Subquery(found), Value(default), output_field=CharField())
