"""Filters of list pages: search first, then ``Label: value``.

A value that a filter does not understand is left out and named in a note; the list is never a 500.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from functools import reduce
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class SearchFilter(django_filters.CharFilter):
    """The search box: every word must be found in one of the fields, in any case."""

    def __init__(self, fields: Iterable[str], *, placeholder: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Search"))
        super().__init__(max_length=100, **kwargs)
        self.fields = tuple(fields)
        self.placeholder = placeholder

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Rows that match. Words are separated by spaces."""
        for word in (value or "").split():
            qs = qs.filter(
                reduce(
                    operator.or_,
                    (Q(**{f"{field}__icontains": word}) for field in self.fields),
                )
            )
        return qs


class DateRangeFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, both included, in GMT+08:00."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", _DateRange(attrs={"type": "date"}))
        super().__init__(*args, **kwargs)


class _DateRange(django_filters.widgets.DateRangeWidget):
    """Two date inputs, each with a name of its own for screen readers."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words = (gettext_lazy("From"), gettext_lazy("To"))
        for part, word in zip(context["widget"]["subwidgets"], words, strict=True):
            part["attrs"]["aria-label"] = word
        return context


class AmountRangeFilter(django_filters.RangeFilter):
    """From one amount to another, both included; either may be missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", _AmountRange(attrs={"inputmode": "decimal"}))
        super().__init__(*args, **kwargs)


class _AmountRange(django_filters.widgets.RangeWidget):
    """Two inputs, each with a name of its own for screen readers."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words = (gettext_lazy("At least"), gettext_lazy("At most"))
        for part, word in zip(context["widget"]["subwidgets"], words, strict=True):
            part["attrs"] |= {"aria-label": word, "placeholder": word}
        return context


class PortalFilterSet(django_filters.FilterSet):
    """Filters of one list. Choice filters become selects; ``more`` names those behind More filters.

    Filters whose choices depend on the actor take them from ``request.actor``.
    """

    more: tuple[str, ...] = ()
    #: Names of filters that always have a value, such as the cycle: they cannot be cleared.
    always: tuple[str, ...] = ()
    #: Names of filters that sum up other tables for every row.
    costly: tuple[str, ...] = ()

    @classmethod
    def read(
        cls, data: QueryDict, queryset: QuerySet, request: Any
    ) -> tuple[PortalFilterSet, list[str]]:
        """The filter set over the values that are valid, and a note for each that is not."""
        bound = cls(data, queryset, request=request)
        if bound.is_valid():
            return bound, []
        wrong = list(bound.form.errors)
        notes = [_wrong_value(bound.form[name], data) for name in wrong]
        return cls(_without(data, wrong, bound.form.fields), queryset, request=request), notes

    def search_field(self) -> BoundField | None:
        """The search box, if the list has one."""
        name = next((n for n, f in self.filters.items() if isinstance(f, SearchFilter)), None)
        return self.form[name] if name else None

    def set_names(self) -> list[str]:
        """Names of the filters that narrow the list now."""
        if not self.is_valid():
            return []
        return [n for n, value in self.form.cleaned_data.items() if not _is_empty(value)]

    @property
    def searches(self) -> bool:
        """Whether rows are found by what was typed, which may be only a part of a text, or by what
        costs as much (``costly``): they are looked for once."""
        return any(
            n in self.costly or isinstance(self.filters[n], django_filters.CharFilter)
            for n in self.set_names()
        )


def parameters_of(field: BoundField) -> set[str]:
    """Names of the query parameters that a field reads (a range has two)."""
    widget = field.field.widget
    suffixes = getattr(widget, "suffixes", ())
    return {f"{field.html_name}_{suffix}" for suffix in suffixes} or {field.html_name}


def _without(data: QueryDict, names: list[str], fields: Any) -> QueryDict:
    kept = data.copy()
    for key in list(kept):
        if any(key == name or (key.startswith(f"{name}_") and key not in fields) for name in names):
            del kept[key]
    return kept


def _wrong_value(field: BoundField, data: QueryDict) -> str:
    values = [v for name in sorted(parameters_of(field)) for v in data.getlist(name) if v]
    return _("“%(value)s” is no value of %(label)s. The list is not filtered by it.") % {
        "value": ", ".join(values)[:80].replace("\x00", ""),
        "label": field.label,
    }


def _is_empty(value: Any) -> bool:
    if isinstance(value, slice):
        return value.start is None and value.stop is None
    if isinstance(value, QuerySet):
        return value.query.is_empty()
    return value in (None, "", [], ())


def words_of(filterset: PortalFilterSet) -> list[str]:
    """The filters that are set, each as ``Label: value``."""
    return [
        f"{filterset.form[name].label}: {value_words(filterset.form[name])}"
        for name in filterset.set_names()
    ]


def value_words(field: BoundField) -> str:
    """The chosen value as the user chose it: the label of a choice, else what was typed."""
    values = field.value()
    given = [str(v or "") for v in (values if isinstance(values, list | tuple) else [values])]
    choices = getattr(field.field, "choices", None)
    if choices is None:
        return _range_words(*given) if len(given) == 2 else given[0]
    return ", ".join(str(label) for value, label in choices if str(value) in given)


def _range_words(first: str, last: str) -> str:
    """``20 – 100``; where one end is open: ``from 20``, ``up to 100``."""
    if first and last:
        return first if first == last else f"{first} – {last}"
    if first:
        return _("from %(value)s") % {"value": first}
    return _("up to %(value)s") % {"value": last}
