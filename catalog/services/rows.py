"""Rows of the catalogue: values onto them, and what differs between two states, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from ..choices import Origin
from ..models import Product


def prepare(
    model: type[models.Model], values: Mapping[str, Any], row: models.Model | None = None
) -> Any:
    """A row with these values; whoever maintains it makes it the catalogue's own."""
    row = model() if row is None else row
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, Product) and "resource_type" in values:
        row.service_type = values["resource_type"].service_type
    if hasattr(row, "origin"):
        row.origin = Origin.CATALOGUE
    return row


def plain_values(
    before: models.Model | None, after: models.Model
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The fields that differ, before and after, as the audit trail keeps them; None: none does.

    Without ``before`` everything counts that is not the field's default.
    """
    was = before if before is not None else type(after)()
    columns = [f for f in after._meta.concrete_fields if not f.primary_key]
    names = [c for c in columns if getattr(was, c.attname) != getattr(after, c.attname)]
    if before is not None and not names:
        return None
    return (
        {} if before is None else {c.name: _plain(before, c) for c in names},
        {c.name: _plain(after, c) for c in names},
    )


def _plain(row: models.Model, column: models.Field) -> Any:
    if not column.is_relation:
        return getattr(row, column.attname)
    related = getattr(row, column.name)
    return None if related is None else getattr(related, "code", related.pk)
