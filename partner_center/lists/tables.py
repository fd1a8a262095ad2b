"""The table of a list page: columns declared, cells and heads computed for the template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django_tables2.utils import Sequence

from partner_center.actors import Actor
from partner_center.templatetags import portal

from .columns import PortalColumn


@dataclass(frozen=True)
class Cell:
    """One cell, ready to print."""

    label: str
    css: str
    html: SafeString | str
    second: SafeString | str


@dataclass(frozen=True)
class Row:
    """One row, ready to print. ``label`` names it for screen readers and result dialogs."""

    pk: Any
    label: str
    cells: list[Cell]


class PortalTable(tables.Table):
    """Columns of one list, and nothing else.

    ``default_order`` names columns (``"-created_at"``: descending). The first column is the row's
    title.
    """

    default_order: tuple[str, ...] = ()

    def __init__(
        self,
        rows: Iterable[Any],
        *,
        visible: Iterable[str],
        actor: Actor,
        request: HttpRequest | None = None,
        revealed: Iterable[str] = (),
        revealed_row: str = "",
    ) -> None:
        shown = set(visible)
        hidden = [name for name in type(self).base_columns if name not in shown]
        super().__init__(list(rows), exclude=hidden, orderable=False)
        self.actor = actor
        self.request = request
        self.revealed = frozenset(revealed)
        self.revealed_row = revealed_row

    def printed_rows(self) -> Iterator[Row]:
        """The rows of the page with their cells."""
        for row in self.rows:
            cells = [self._cell(row, bound) for bound in self.columns]
            yield Row(row.record.pk, self.name_of(row.record), cells)

    def name_of(self, record: Any) -> str:
        """What a row is called where its first cell is not at hand, as on its tick box."""
        return str(record)

    def _cell(self, row: Any, bound: Any) -> Cell:
        column: PortalColumn = bound.column
        plain = self.is_plain(bound.name, row.record)
        html = row.get_cell(bound.name)
        if column.mask and not plain:
            html = column.mask.text(str(bound.accessor.resolve(row.record) or "")) or portal.NONE
        second = ""
        if column.second:
            value = str(column.second.resolve(row.record, quiet=True) or "")
            second = column.second_mask.text(value) if column.second_mask and not plain else value
        return Cell(head_of(bound.name, column), column.css, html, second)

    def is_plain(self, name: str, record: Any) -> bool:
        """Whether the eye was used for this column, or for this row of it."""
        return name in self.revealed and self.revealed_row in ("", str(record.pk))


def columns_of(table_class: type[PortalTable]) -> dict[str, PortalColumn]:
    """All columns of a table by name, in the order in which its rows print them."""
    every = table_class.base_columns
    order = Sequence(table_class._meta.sequence or ("...",))
    order.expand(every.keys())
    return {name: every[name] for name in order}


def accessor_of(name: str, column: PortalColumn) -> str:
    """Path of the column's value in the database, with double underscores."""
    return str(column.accessor or name)


def label_of(name: str, column: PortalColumn) -> str:
    """The column's name as people read it."""
    return str(column.verbose_name or name.replace("_", " ").capitalize())


def head_of(name: str, column: PortalColumn) -> str:
    """The head with its unit: ``Created (GMT+08:00)``."""
    label = label_of(name, column)
    return f"{label} ({column.unit})" if column.unit else label
