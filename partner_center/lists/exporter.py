"""The export of a list: same columns, same filters, same order as its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from partner_center.actors import Actor
from partner_center.exporting import ExportColumn, Source

from .filters import words_of
from .listing import ListDefinition, Listing
from .tables import accessor_of, label_of


class ListExporter:
    """Exports one list. Parameters: ``query`` (query string), ``columns``, ``ids`` (ticked rows), and
    ``below`` (the keys in the address of a list below an object).

    ``related`` rows are not fetched: a column that prints them names an ``export`` expression.
    """

    def __init__(
        self,
        name: str,
        label: str | Promise,
        permission: str,
        definition: ListDefinition,
    ) -> None:
        self.name = name
        self.label = label
        self.permission = permission
        self.definition = definition

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """Rows of the list as the actor sees it now."""
        listing = self._listing(actor, params)
        rows = listing.sorted
        if params.get("ids"):
            rows = rows.filter(pk__in=params["ids"])
        columns = [
            ExportColumn(head, value)
            for name, column in listing.columns.items()
            for head, value in column.exported(accessor_of(name, column), label_of(name, column))
        ]
        return Source(rows, columns)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """View and filters in words: ``Locked, Role: Finance specialist``."""
        listing = self._listing(actor, params)
        found = [str(listing.view.label)] if listing.view and listing.view.condition else []
        return ", ".join(found + words_of(listing.filterset))

    def _listing(self, actor: Actor, params: Mapping[str, Any]) -> Listing:
        data = QueryDict(params.get("query", ""))
        definition = self.definition.of(params.get("below", {}))
        return Listing(definition, actor, data, params.get("columns"))
