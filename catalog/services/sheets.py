"""The tables of the catalogue as files: which columns a CSV file has, and which row a line means.

Prices have rules of their own (``services.pricing``); everything else is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ..models import (
    MeasureUnit,
    Product,
    Region,
    ResourceSpec,
    ResourceType,
    ServiceType,
    UnitConversion,
    UsageType,
)
from ..rules import cells
from ..rules.cells import CellError


class Lookup:
    """Rows of other tables by their codes, read once for a whole file."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[models.Model], tuple[str, ...]], dict[tuple, Any]] = {}

    def find(self, model: type[models.Model], fields: tuple[str, ...], key: tuple) -> Any:
        """The row of this key, or None."""
        if (model, fields) not in self._known:
            rows = model._default_manager.select_related(*_TITLES.get(model, ()))
            self._known[model, fields] = {
                tuple(getattr(row, name) for name in fields): row for row in rows
            }
        return self._known[model, fields].get(key)


_TITLES: dict[type[models.Model], tuple[str, ...]] = {ResourceType: ("service_type",)}

#: Text of a cell, the lookup, and what was read of the line so far → value.
Reader = Callable[[str, Lookup, Mapping[str, Any]], Any]


def _plain(read: Callable[[str], Any]) -> Reader:
    return lambda text, lookup, values: read(text)


def _by_code(
    model: type[models.Model], field_name: str = "code", *, needed: bool = False
) -> Reader:
    """A reference by code or ID; of specifications and usage types within the resource type."""

    def read(text: str, lookup: Lookup, values: Mapping[str, Any]) -> Any:
        if not text:
            if needed:
                raise CellError(_("This column is required."))
            return None
        fields: tuple[str, ...] = (field_name,)
        key: tuple[Any, ...] = (cells.read_whole(text) if field_name == "id" else text,)
        if model in (ResourceSpec, UsageType):
            owner = values["resource_type"]
            fields, key = ("resource_type_id", *fields), (owner.pk, *key)
        if (found := lookup.find(model, fields, key)) is None:
            raise CellError(_("There is no “%(code)s”.") % {"code": text})
        return found

    return read


_text: Reader = _plain(str)
_flag: Reader = _plain(cells.read_flag)
_whole: Reader = _plain(cells.read_whole)
_words: Reader = _plain(cells.read_list)
_unit: Reader = _by_code(MeasureUnit, "id")


@dataclass(frozen=True)
class Sheet:
    """One table as a file. ``key`` names the columns that identify a row."""

    name: str
    #: As the audit trail calls one row.
    noun: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: Mapping[str, Reader] = field(repr=False)

    def read(self, line: Mapping[str, str], lookup: Lookup) -> dict[str, Any]:
        """The values of a line, for the columns that the file has. Raises CellError with a column."""
        values: dict[str, Any] = {}
        for name, reader in self.columns.items():
            if name not in line:
                continue
            try:
                values[name] = reader(line[name], lookup, values)
            except CellError as error:
                raise CellError(str(error), name) from error
            if name in self.key and values[name] in (None, ""):
                raise CellError(_("This column is required."), name)
        return values

    def key_of(self, row: models.Model) -> tuple[Any, ...]:
        """What identifies a row."""
        columns = {column.name: column for column in self.model._meta.concrete_fields}
        return tuple(getattr(row, columns[name].attname) for name in self.key)


SHEETS: dict[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "measure_units",
            "measure_unit",
            MeasureUnit,
            ("id",),
            {"id": _whole, "name": _text, "abbreviation": _text, "measure_type": _whole},
        ),
        Sheet(
            "conversions",
            "conversion",
            UnitConversion,
            ("unit", "reference"),
            {"unit": _unit, "reference": _unit, "ratio": _whole},
        ),
        Sheet(
            "regions",
            "region",
            Region,
            ("code",),
            {"code": _text, "name": _text, "zones": _words, "is_offered": _flag},
        ),
        Sheet(
            "service_types",
            "service_type",
            ServiceType,
            ("code",),
            {
                "code": _text,
                "name": _text,
                "abbreviation": _text,
                "category": _text,
                "overview": _text,
                "has_percentile_billing": _flag,
                "page_slug": _text,
                "is_marketplace": _flag,
            },
        ),
        Sheet(
            "resource_types",
            "resource_type",
            ResourceType,
            ("code",),
            {
                "code": _text,
                "service_type": _by_code(ServiceType, needed=True),
                "name": _text,
                "description": _text,
            },
        ),
        Sheet(
            "usage_types",
            "usage_type",
            UsageType,
            ("resource_type", "code"),
            {"resource_type": _by_code(ResourceType, needed=True), "code": _text, "name": _text},
        ),
        Sheet(
            "specs",
            "spec",
            ResourceSpec,
            ("resource_type", "code"),
            {
                "resource_type": _by_code(ResourceType, needed=True),
                "code": _text,
                "name": _text,
                "attributes": _plain(cells.read_attributes),
                "size_unit": _unit,
                "size_min": _whole,
                "size_max": _whole,
                "size_step": _whole,
            },
        ),
        Sheet(
            "products",
            "product",
            Product,
            ("code",),
            {
                "code": _text,
                "name": _text,
                "resource_type": _by_code(ResourceType, needed=True),
                "spec": _by_code(ResourceSpec),
                "mode": _text,
                "usage_type": _by_code(UsageType),
                "usage_unit": _unit,
                "pricing_unit": _unit,
                "conversion_factor": _plain(lambda text: cells.read_decimal(text or "1")),
                "is_spot": _flag,
                "is_percentile": _flag,
                "settlement": _text,
                "takes_partner_discount": _flag,
                "on_behalf_kinds": _words,
                "payment_option": _text,
                "term_months": _whole,
                "commitment": _plain(cells.read_decimal),
                "plan_discount": _whole,
                "package_quota": _plain(cells.read_decimal),
                "package_reset": _text,
                "is_on_sale": _flag,
            },
        ),
    )
}
