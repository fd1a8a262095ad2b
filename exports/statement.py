"""From a source to the SQL that a file is made of.

The inner query is what Django compiles from the exporter's queryset. The outer one turns values into
what stands in a file: labels of choices, GMT+08:00 times, Yes and No, and text that no spreadsheet
takes for a formula. ``OFFSET 0`` keeps PostgreSQL from computing an inner expression twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Field, QuerySet
from django.utils.functional import Promise

from partner_center.exporting import Source

#: First characters that make a cell a formula, also in full width: = + - @, tab and line ends.
FORMULA_STARTS = tuple(ord(c) for c in "=+-@\t\r\n＝＋－＠")
NUMBERS = {
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "DecimalField",
    "FloatField",
    "IntegerField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SmallAutoField",
    "SmallIntegerField",
    "ForeignKey",
    "OneToOneField",
}


@dataclass
class Statement:
    """SQL with its parameters, and the heads of the columns."""

    heads: list[str]
    sql: str
    params: list[Any] = field(default_factory=list)
    count_sql: str = ""
    count_params: list[Any] = field(default_factory=list)


def compile_source(source: Source, *, guarded: bool) -> Statement:
    """The statement of a source. ``guarded`` defuses formulas, which CSV needs and XLSX does not."""
    names = [f"c{number}" for number in range(len(source.columns))]
    values = dict(zip(names, (column.value for column in source.columns), strict=True))
    queryset = source.queryset.annotate(**values)
    inner, inner_params = _compiled(queryset.values_list(*names))
    params: list[Any] = []
    shown = []
    for name in names:
        expression, own = _shown(name, queryset.query.annotations[name], guarded=guarded)
        shown.append(expression)
        params += own
    count_sql, count_params = _compiled(source.queryset.order_by().values_list("pk"))
    return Statement(
        heads=[
            _head(column.head, queryset.query.annotations[name])
            for name, column in zip(names, source.columns, strict=True)
        ],
        sql=f"SELECT {', '.join(shown)} FROM ({inner} OFFSET 0) AS source",  # noqa: S608 — both parts are compiled by Django, values are bound
        params=[*params, *inner_params],
        count_sql=count_sql,
        count_params=count_params,
    )


def _compiled(queryset: QuerySet) -> tuple[str, list[Any]]:
    sql, params = queryset.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, list(params)


def _kind(expression: Any) -> str:
    return expression.output_field.get_internal_type()


def _head(head: str | Promise, expression: Any) -> str:
    return f"{head} (GMT+08:00)" if _kind(expression) == "DateTimeField" else str(head)


def _shown(name: str, expression: Any, *, guarded: bool) -> tuple[str, list[Any]]:
    kind, choices = _kind(expression), _choices(expression.output_field)
    if choices:
        cases = " ".join("WHEN %s THEN %s" for _pair in choices)
        own = [text for pair in choices for text in pair]
        return f"CASE {name}::text {cases} ELSE {_text(name, guarded=guarded)} END", own
    if kind in NUMBERS or kind == "DateField":
        return name, []
    if kind == "DateTimeField":
        return f"({name} AT TIME ZONE INTERVAL '8 hours')::timestamp(0)", []
    if kind == "BooleanField":
        return f"CASE WHEN {name} THEN 'Yes' WHEN NOT {name} THEN 'No' END", []
    return _text(name, guarded=guarded), []


def _choices(output_field: Field) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in (output_field.flatchoices or [])]


def _text(name: str, *, guarded: bool) -> str:
    text = f"{name}::text"
    if not guarded:
        return text
    starts = ", ".join(map(str, FORMULA_STARTS))
    return f"CASE WHEN ascii({text}) IN ({starts}) THEN '''' || {text} ELSE {text} END"
