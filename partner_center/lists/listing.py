"""One list as one actor asks for it: a query string in, rows out.

The page and the export task both read it here, so that a file holds what the page showed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields.array import SliceTransform
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, F, Q, QuerySet, Subquery, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from partner_center import clock
from partner_center.actors import Actor

from .columns import PortalColumn
from .filters import PortalFilterSet
from .tables import PortalTable, accessor_of, columns_of

PAGE_SIZES = (10, 20, 50, 100)
#: So many keys cost less than a plan that misjudges how many rows match.
FEW = 200
#: So many cost less than a walk through an order that they share with other accounts' rows.
FEW_TO_SORT = 5000
#: Pages that begin farther away than this are reached from the end, when that is nearer.
FAR = 10_000


@dataclass(frozen=True)
class SavedView:
    """One slice of a list with its own tab and count. ``urgent`` counts are red.

    The condition must not multiply rows (``Exists`` in place of joins to many). One that depends on
    the time is a function of the moment.
    """

    key: str
    label: str | Promise
    condition: Q | Callable[[datetime], Q] = field(default_factory=Q)
    urgent: bool = False

    def at(self, moment: datetime) -> Q:
        """The condition at this moment."""
        return self.condition(moment) if callable(self.condition) else self.condition


@dataclass(frozen=True)
class ListDefinition:
    """What a list is, without a request: shared by its page and its export."""

    queryset: Callable[[Actor], QuerySet]
    filterset_class: type[PortalFilterSet]
    table_class: type[PortalTable]
    views: tuple[SavedView, ...] = ()
    #: How a list of millions counts its matching rows without reading them.
    counter: Callable[[Listing], int] | None = None
    #: The rows come from a view: their keys are read before, or it would be computed for all rows.
    reads_keys: bool = False
    #: How many rows such a list has without filters.
    everything: Callable[[], int] | None = None

    def of(self, keys: Mapping[str, Any]) -> ListDefinition:
        """The same list below the object that these keys name; unchanged without any."""
        return replace(self, queryset=partial(self.queryset, **keys)) if keys else self


@dataclass(frozen=True)
class FilterRequest:
    """What filter sets see of a request."""

    actor: Actor


class Listing:
    """The list, read from a query string. ``notes`` say what of it was not understood."""

    def __init__(
        self,
        definition: ListDefinition,
        actor: Actor,
        data: QueryDict,
        chosen_columns: Iterable[str] | None = None,
    ) -> None:
        self.definition = definition
        self.data = data
        self.notes: list[str] = []
        self.moment = clock.now()
        self.every = columns_of(definition.table_class)
        self.columns = self._visible(actor, chosen_columns)
        self.base = definition.queryset(actor)
        self.view = self._read_view()
        self.filterset, notes = definition.filterset_class.read(
            data, self._in_view(), FilterRequest(actor)
        )
        self.notes += notes
        self.sort = self._read_sort()

    @cached_property
    def filtered(self) -> QuerySet:
        """Matching rows, in no order: for counting and for "select all"."""
        return self.filterset.qs

    @cached_property
    def sorted(self) -> QuerySet:
        """Matching rows in the wanted order; the primary key decides between equals.

        It follows the direction of the order, so that one index serves both directions.
        """
        return annotated(self.filtered, self._needed).order_by(*self._order())

    @property
    def _needed(self) -> list[PortalColumn]:
        """The visible columns, and those that the rows are ordered by."""
        return [*self.columns.values(), *self._sorting]

    @property
    def _sorting(self) -> list[PortalColumn]:
        return [self.every[name.removeprefix("-")] for name in self.sort]

    def rows(self, first: int, last: int) -> QuerySet:
        """The rows from one number to the next, with what the visible columns need.

        The rows of the page are found first; what is printed beside them is joined to these alone.
        The database would otherwise join and sort everything.
        """
        found = self.base.filter(pk__in=self._keys(first, last))
        return related(
            annotated(found, self._needed).order_by(*self._order()), self.columns.values()
        )

    def _keys(self, first: int, last: int) -> QuerySet | list[Any]:
        """Keys of the rows from one number to the next.

        Where filters or the actor's scope leave few, their keys are read without a LIMIT: it would
        tempt the database to walk through everything in order, in the hope of meeting the few early.
        """
        if self.definition.reads_keys and not self.total:
            return []
        if self.total > self._few:
            rows = self._in_order(self.filtered)
            if first > max(FAR, self.total // 2):
                first, last, rows = self.total - last, self.total - first, rows.reverse()
            if self.definition.reads_keys:
                return list(rows.values_list("pk", flat=True)[first:last])
            return rows.values("pk")[first:last]
        met = self._met
        rows = self.filtered if met is None else self.base.filter(pk__in=met)
        return list(self._in_order(rows).values_list("pk", flat=True))[first:last]

    def _in_order(self, rows: QuerySet) -> QuerySet:
        return annotated(rows, self._sorting).order_by(*self._order())

    @property
    def _few(self) -> int:
        """Up to how many matches their keys are read without a LIMIT."""
        if self.data.get("sort"):
            return FEW_TO_SORT
        return FEW if self.filterset.set_names() else 0

    @property
    def is_narrowed(self) -> bool:
        """Whether a view or a filter leaves rows out."""
        return bool(self.view and self.view.condition) or bool(self.filterset.set_names())

    @cached_property
    def view_counts(self) -> dict[str, int]:
        """How many rows each saved view has: one query for all, each part with a plan of its own.

        The parts hang on one row of the table, whichever; without any there is nothing to count.
        """
        views = self.definition.views
        if not views:
            return {}
        any_row = self.base.model._base_manager.order_by()
        counted = list(any_row.values_list(*(self._count(view) for view in views))[:1])
        numbers = counted[0] if counted else [0] * len(views)
        return {view.key: n or 0 for view, n in zip(views, numbers, strict=True)}

    @cached_property
    def total(self) -> int:
        """How many rows match. An unfiltered view was counted with the views."""
        if self.view and not self.filterset.set_names():
            return self.view_counts[self.view.key]
        if self.definition.counter:
            return self.definition.counter(self)
        return self._search[0] if self.filterset.searches else self.filtered.count()

    @property
    def unfiltered(self) -> int:
        """How many rows there are without views and filters."""
        everything = self.definition.everything
        return everything() if everything else self.base.count()

    @cached_property
    def _search(self) -> tuple[int, list[Any]]:
        return count_and_keys(self.filtered, self._few)

    @property
    def _met(self) -> list[Any] | None:
        """Keys of the few matches, if they were read while they were counted."""
        is_counted = self.filterset.searches and not self.definition.counter
        return self._search[1] if is_counted else None

    def _count(self, view: SavedView) -> Subquery:
        rows = self.base.filter(view.at(self.moment)).order_by().values(list_one=Value(1))
        return Subquery(rows.annotate(list_rows=Count("pk")).values("list_rows"))

    def _visible(self, actor: Actor, chosen: Iterable[str] | None) -> dict[str, PortalColumn]:
        wanted = set(chosen or ()) & set(self.every)
        return {
            name: column
            for name, column in self.every.items()
            if column.fixed or (name in wanted if wanted else column.is_shown_to(actor))
        }

    def _read_view(self) -> SavedView | None:
        views = self.definition.views
        key = self.data.get("view", "")
        found = next((view for view in views if view.key == key), None)
        if key and found is None:
            self.notes.append(_("There is no view “%s”. All records are shown.") % key[:40])
        return found or (views[0] if views else None)

    def _in_view(self) -> QuerySet:
        return self.base.filter(self.view.at(self.moment)) if self.view else self.base

    def _read_sort(self) -> tuple[str, ...]:
        wanted = self.data.get("sort", "")
        column = self.columns.get(wanted.removeprefix("-"))
        if column is not None and is_sortable(column):
            return (wanted,)
        if wanted:
            self.notes.append(_("The list cannot be sorted by “%s”.") % wanted[:40])
        # The order of first sight holds although its column may be hidden.
        return self.definition.table_class.default_order

    def _order(self) -> list[OrderBy]:
        found: list[OrderBy] = []
        for name in self.sort:
            plain = name.removeprefix("-")
            paths = _paths(plain, self.every[plain])
            found += [self._order_by(path, descending=name != plain) for path in paths]
        return [*found, F("pk").desc() if found and found[-1].descending else F("pk").asc()]

    def _order_by(self, path: str, *, descending: bool) -> OrderBy:
        if path.startswith("-"):
            path, descending = path[1:], not descending
        if not descending:
            return F(path).asc()
        # Absent values last both ways, but only where there can be any: an index stays usable.
        return F(path).desc(nulls_last=_can_be_null(self.base.model, path) or None)


def is_sortable(column: PortalColumn) -> bool:
    """Whether the column's head sorts."""
    return column.orderable is not False


def annotated(queryset: QuerySet, columns: Iterable[PortalColumn]) -> QuerySet:
    """The queryset with the annotations of these columns."""
    found: dict[str, Any] = {}
    for column in columns:
        found |= column.annotate
    return queryset.annotate(**found) if found else queryset


def related(queryset: QuerySet, columns: Iterable[PortalColumn]) -> QuerySet:
    """The queryset with the related rows that these columns print: no query per row."""
    columns = list(columns)
    select = dict.fromkeys(path for column in columns for path in column.select)
    prefetch = dict.fromkeys(path for column in columns for path in column.prefetch)
    if select:
        queryset = queryset.select_related(*select)
    return queryset.prefetch_related(*prefetch) if prefetch else queryset


def count_and_keys(rows: QuerySet, most: int) -> tuple[int, list[Any]]:
    """How many rows there are, and the keys of ``most`` of them, in no order.

    Read at once: for rows that are found by parts of texts, which costs more than all the rest.
    """
    keys = SliceTransform(1, most, ArrayAgg("pk"))
    found = rows.aggregate(list_total=Count("pk"), list_keys=keys)
    return found["list_total"], found["list_keys"] or []


def _paths(name: str, column: PortalColumn) -> list[str]:
    if column.order_by:
        return [str(path).replace(".", LOOKUP_SEP) for path in column.order_by]
    return [accessor_of(name, column)]


def _can_be_null(model: Any, path: str) -> bool:
    for part in path.split(LOOKUP_SEP):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True  # an annotation
        if found.null:
            return True
        model = found.related_model
    return False
