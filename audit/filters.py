"""Filters of the Operation Records page and of the Trace List (08-CTS-05 to 07)."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center import clock
from partner_center.lists.filters import PortalFilterSet, SearchFilter

from . import queries
from .choices import (
    RESOURCE_TYPE,
    TRACE_SOURCE,
    TYPE_OF_DOOR,
    TimeRange,
    TraceName,
    TraceStatus,
    TraceType,
)

_ANY = _("Any")
#: Without a choice the list shows the last week: all that it has.
_SPANS = {
    TimeRange.HOUR: timedelta(hours=1),
    TimeRange.DAY: timedelta(days=1),
    TimeRange.CUSTOM: queries.TRACE_WINDOW,
}


class RecordFilterSet(PortalFilterSet):
    """Search, time, and traces only."""

    q = SearchFilter(
        ["action", "target_name", "target_id", "actor_name"],
        placeholder=_("Operation, object or operator"),
    )
    traces = django_filters.ChoiceFilter(
        label=_("Records"),
        choices=[("traces", _("Traces only"))],
        empty_label=_("All"),
        method="only_traces",
    )
    at = django_filters.DateFromToRangeFilter(
        label=_("Time"),
        widget=django_filters.widgets.DateRangeWidget({"type": "date", "class": "form-control"}),
    )
    more = ("at",)

    def only_traces(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Records that are traces of the Cloud Trace Service."""
        return rows.exclude(trace_name="")


class RecentField(forms.DateTimeField):
    """A moment of the last 7 days, typed in GMT+08:00 (08-CTS-05)."""

    widget = forms.DateTimeInput({"type": "datetime-local", "class": "form-control"})

    def clean(self, value: object) -> object:
        """The moment. Raises ValidationError for one that the Trace List does not reach."""
        moment = super().clean(value)
        if moment and moment < clock.now() - queries.TRACE_WINDOW:
            raise forms.ValidationError(_("The Trace List reaches back 7 days."))
        return moment


class RecentFilter(django_filters.Filter):
    """Rows before or after a moment of the last 7 days."""

    field_class = RecentField


class TraceFilterSet(PortalFilterSet):
    """All of them can be combined. Times are GMT+08:00."""

    range = django_filters.ChoiceFilter(
        label=_("Time Range"),
        choices=[(span.value, span.label) for span in _SPANS],
        empty_label=TimeRange.WEEK.label,
        method="within",
    )
    type = django_filters.ChoiceFilter(
        label=_("Trace Type"), choices=TraceType, empty_label=_ANY, method="of_type"
    )
    status = django_filters.ChoiceFilter(
        label=_("Trace Status"),
        choices=TraceStatus,
        empty_label=_ANY,
        field_name="trace_status",
    )
    name = django_filters.ChoiceFilter(
        label=_("Trace name"),
        choices=[(name.value, name.value) for name in TraceName],
        empty_label=_ANY,
        field_name="trace_name",
    )
    source = django_filters.ChoiceFilter(
        label=_("Trace Source"),
        choices=[(TRACE_SOURCE, TRACE_SOURCE)],
        empty_label=_ANY,
        method="unchanged",
    )
    resource_type = django_filters.ChoiceFilter(
        label=_("Resource Type"),
        choices=[(RESOURCE_TYPE, RESOURCE_TYPE)],
        empty_label=_ANY,
        method="unchanged",
    )
    operator = django_filters.ChoiceFilter(
        label=_("Operator"), choices=[], empty_label=_ANY, field_name="actor_name"
    )
    resource_id = django_filters.CharFilter(label=_("Resource ID"), max_length=64)
    resource_name = django_filters.CharFilter(
        label=_("Resource name"), max_length=100, lookup_expr="icontains"
    )
    begin = RecentFilter(label=_("From"), field_name="at", lookup_expr="gte")
    end = RecentFilter(label=_("To"), field_name="at", lookup_expr="lte")
    more = (
        "source",
        "resource_type",
        "operator",
        "resource_id",
        "resource_name",
        "begin",
        "end",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        operators, names = queries.words_of_traces(self.request.actor)
        self.filters["operator"].extra["choices"] = [(name, name) for name in operators]
        every = [*TraceName.values, *(name for name in names if name not in TraceName.values)]
        self.filters["name"].extra["choices"] = [(name, name) for name in every]

    def within(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The last hour, day or week; Customize leaves it to From and To."""
        return rows.filter(at__gte=clock.now() - _SPANS[TimeRange(value)])

    def of_type(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Traces that came through the doors of this type."""
        doors = [str(door) for door, kind in TYPE_OF_DOOR.items() if kind == value]
        return rows.filter(door__in=doors)

    def unchanged(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """All traces of today come from one source and are about one type of resource."""
        return rows
