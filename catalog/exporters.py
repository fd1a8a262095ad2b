"""Exports of the catalogue: whole tables, in the columns in which they can be imported again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.actors import Actor
from partner_center.exporting import ExportColumn, Source

from .permissions import VIEW_CATALOGUE
from .queries import export as tables
from .services import importing


def _word(name: str) -> Combinable:
    """The stored word, not its label: that is what is read again."""
    return Cast(F(name), TextField())


def _flag(name: str) -> Combinable:
    return Case(When(**{name: True}, then=Value("yes")), default=Value("no"))


def _number(name: str) -> Combinable:
    """Without trailing zeros."""
    trimmed = Func(F(name), function="trim_scale", output_field=CharField())
    return Cast(trimmed, CharField())


def _moment(name: str) -> Combinable:
    text = Func(
        Func(Value("Asia/Shanghai"), F(name), function="timezone", output_field=DateTimeField()),
        Value('YYYY-MM-DD"T"HH24:MI:SS.US'),
        function="to_char",
        output_field=CharField(),
    )
    return Concat(text, Value("+08:00"))


def _words(name: str) -> Combinable:
    return Func(F(name), Value("|"), function="array_to_string", output_field=CharField())


_PRODUCTS: dict[str, Combinable] = {
    "code": F("code"),
    "name": F("name"),
    "resource_type": F("resource_type__code"),
    "spec": F("spec__code"),
    "mode": _word("mode"),
    "usage_type": F("usage_type__code"),
    "usage_unit": F("usage_unit_id"),
    "pricing_unit": F("pricing_unit_id"),
    "conversion_factor": _number("conversion_factor"),
    "is_spot": _flag("is_spot"),
    "is_percentile": _flag("is_percentile"),
    "settlement": _word("settlement"),
    "takes_partner_discount": _flag("takes_partner_discount"),
    "on_behalf_kinds": _words("on_behalf_kinds"),
    "payment_option": _word("payment_option"),
    "term_months": F("term_months"),
    "commitment": _number("commitment"),
    "plan_discount": F("plan_discount"),
    "package_quota": _number("package_quota"),
    "package_reset": _word("package_reset"),
    "is_on_sale": _flag("is_on_sale"),
}
_PRICES: dict[str, Combinable] = {
    "product": F("product__code"),
    "region": F("region__code"),
    "period": _word("period"),
    "unit_price": _number("unit_price"),
    "upfront_price": _number("upfront_price"),
    "valid_from": _moment("valid_from"),
    "tiers": StringAgg(
        Concat(_number("tiers__above"), Value(":"), _number("tiers__unit_price")),
        ";",
        ordering="tiers__above",
        filter=Q(tiers__isnull=False),
    ),
}


class TableExporter:
    """One whole table of the catalogue."""

    permission = VIEW_CATALOGUE

    def __init__(
        self, sheet: str, label: str | Promise, rows: QuerySet, columns: dict[str, Combinable]
    ) -> None:
        self.name = f"catalog_{sheet}"
        self.label = label
        self._rows = rows
        self._columns = [ExportColumn(head, columns[head]) for head in importing.columns_of(sheet)]

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """All rows that belong to the catalogue."""
        return Source(self._rows.all(), self._columns)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """Nothing is left out."""
        return ""


exporting.register(TableExporter("products", _("Products"), tables.products(), _PRODUCTS))
exporting.register(TableExporter("prices", _("List prices"), tables.prices(), _PRICES))
