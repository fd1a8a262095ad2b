"""The catalogue of exporters: what can be exported, by whom, from which rows.

Each app registers its exporters in its own ``exporters.py``, loaded at start like permissions; the
``exports`` app runs them by name and knows none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from .actors import Actor


@dataclass(frozen=True)
class ExportColumn:
    """One column of a file: its head and the expression that the database computes."""

    head: str
    value: Combinable


@dataclass(frozen=True)
class Source:
    """The rows of one file. Personal data is masked by the expressions (05-EXP-05)."""

    queryset: QuerySet
    columns: Sequence[ExportColumn]
    #: Spreadsheets need it in a CSV file to take it for UTF-8; other programs stumble over it.
    byte_order_mark: bool = True


class Exporter(Protocol):
    """One kind of file. ``name`` is stored with the task and never changes once released."""

    name: str
    label: str | Promise
    permission: str

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """What the actor may see now of what the parameters ask for."""

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """The parameters in words, for the Export History."""


_exporters: dict[str, Exporter] = {}


def register(exporter: Exporter) -> None:
    """Add an exporter. Raises ValueError when its name is taken."""
    if exporter.name in _exporters:
        raise ValueError(f"Exporter {exporter.name} is registered twice")
    _exporters[exporter.name] = exporter


def get(name: str) -> Exporter:
    """The exporter of this name. Raises KeyError for an unknown one."""
    return _exporters[name]


def names() -> list[str]:
    """The names of all exporters."""
    return sorted(_exporters)
