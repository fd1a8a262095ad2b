"""Columns of list pages: what stands in a cell, in the head, and in the exported file.

A column names what it needs of the database (``select``, ``prefetch``, ``annotate``); the list asks
for it only while the column is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import DecimalField, F, Func, Prefetch
from django.db.models.expressions import Combinable
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE
from partner_center.masking import PHONE, Mask
from partner_center.templatetags import portal

Label = str | Promise
#: False: not exported. Expression: the column's value. Mapping: several columns by their heads.
Export = bool | Combinable | Mapping[Any, Combinable] | None


class PortalColumn(tables.Column):
    """A column of text, one or two lines high.

    ``second`` is the accessor of the second line, ``second_label`` its head in exported files.
    ``mask`` and ``second_mask`` hide personal data until somebody asks for it with the eye, which
    needs ``reveal_permission`` when set. ``fixed`` columns cannot be hidden; ``shown=False`` keeps
    a column hidden until it is chosen, a function of the actor decides by who looks. ``basis`` is the
    small second line of the head. ``annotate`` is a function where it depends on the moment.
    """

    css = ""
    #: Stands in the head, in parentheses.
    unit: Label = ""

    def __init__(
        self,
        *args: Any,
        second: str = "",
        second_label: Label = "",
        mask: Mask | None = None,
        second_mask: Mask | None = None,
        reveal_permission: str = "",
        fixed: bool = False,
        shown: bool | Callable[[Actor], bool] = True,
        basis: Label = "",
        select: Sequence[str] = (),
        prefetch: Sequence[str | Prefetch] = (),
        annotate: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
        export: Export = None,
        export_label: Label = "",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("default", portal.NONE)
        super().__init__(*args, **kwargs)
        self.second = tables.A(second) if second else None
        self.second_label = second_label
        self.mask = mask
        if mask is PHONE and not second:
            self.css = "pc-nowrap"
        self.second_mask = second_mask
        self.reveal_permission = reveal_permission
        self.fixed = fixed
        self._shown = shown
        self.basis = basis
        self.select = select
        self.prefetch = prefetch
        self._annotate = annotate or {}
        self.export = export
        self.export_label = export_label

    def is_shown_to(self, actor: Actor) -> bool:
        """Whether the column stands in the list of somebody who has chosen no columns."""
        return self._shown(actor) if callable(self._shown) else self._shown

    @property
    def annotate(self) -> Mapping[str, Any]:
        """Expressions that the column needs, by name."""
        return self._annotate() if callable(self._annotate) else self._annotate

    @property
    def is_masked(self) -> bool:
        """Whether the head carries an eye."""
        return bool(self.mask or self.second_mask)

    def exported(self, accessor: str, label: Label) -> list[tuple[str, Combinable]]:
        """Heads and expressions of this column in a file; masked as in the page (05-EXP-05)."""
        if self.export is False:
            return []
        if isinstance(self.export, Mapping):
            return [(str(head), value) for head, value in self.export.items()]
        own = self.export if isinstance(self.export, Combinable) else F(accessor)
        found = [(str(self.export_label or label), _masked(own, self.mask))]
        if self.second:
            second = F(str(self.second))
            found.append((str(self.second_label), _masked(second, self.second_mask)))
        return found


def _decimals(expression: Combinable) -> Combinable:
    return Func(
        expression,
        template="(trim_scale(%(expressions)s) + 0.00)",
        output_field=DecimalField(),
    )


def _masked(expression: Combinable, mask: Mask | None) -> Combinable:
    return mask.sql(expression) if mask else expression


class NumberColumn(PortalColumn):
    """A whole number, right-aligned, with thousands separators."""

    css = "pc-figures"

    def render(self, value: int) -> str:
        return f"{value:,}"


class AmountColumn(PortalColumn):
    """An amount in USD, aligned at the decimal point; ``places``: the most decimals of the column."""

    css = "pc-figures"
    unit = "USD"

    def __init__(self, *args: Any, places: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(value, self.places)

    def exported(self, accessor: str, label: Label) -> list[tuple[str, Combinable]]:
        """Every decimal that counts, at least two, so that a workbook takes it for a number."""
        found = super().exported(accessor, label)
        return [(f"{head} ({self.unit})", _decimals(value)) for head, value in found]


class TimeColumn(PortalColumn):
    """A moment in business time; the zone stands once, in the head."""

    css = "pc-nowrap"
    unit = "GMT+08:00"

    def render(self, value: datetime) -> SafeString:
        return portal.moment(value)


class NarrowTimeColumn(TimeColumn):
    """A moment on two lines, day and time, its zone below the head: for lists of many columns."""

    css = ""
    unit = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, basis=TimeColumn.unit, **kwargs)

    def render(self, value: datetime) -> SafeString:
        local = value.astimezone(BUSINESS_ZONE)
        return format_html(
            '<time datetime="{}"><span class="pc-nowrap">{}</span> {}</time>',
            local.isoformat(),
            portal.day(value),
            f"{local:%H:%M:%S}",
        )


class BadgeColumn(PortalColumn):
    """A state as a badge: icon, word and tone of one family of states (partner_center.badges)."""

    css = "pc-state"

    def __init__(self, *args: Any, family: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.family = family

    def render(self, value: str) -> SafeString:
        return portal.badge(self.family, value)


class ChipsColumn(PortalColumn):
    """Several facts as round chips. The accessor yields an iterable, or a manager (prefetch it)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("orderable", False)
        kwargs.setdefault("export", False)
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> SafeString:
        found = value.all() if hasattr(value, "all") else value
        chips = format_html_join("", '<span class="pc-chip">{}</span>', ((v,) for v in found))
        return format_html('<span class="pc-chips">{}</span>', chips) if chips else portal.NONE


class TemplateColumn(PortalColumn):
    """A cell from a template, which gets ``record``, ``value`` and ``actor``."""

    empty_values = ()

    def __init__(self, *args: Any, template_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("export", False)
        kwargs.setdefault("orderable", False)
        super().__init__(*args, **kwargs)
        self.template_name = template_name

    def render(self, record: Any, value: Any, table: Any) -> SafeString:
        return render_to_string(
            self.template_name,
            {"record": record, "value": value, "actor": table.actor},
            request=table.request,
        )


class ActionsColumn(TemplateColumn):
    """The Operation column: one or two links at most, and the ⋯ menu."""

    css = "pc-operation"

    def __init__(self, template_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("Operation"))
        super().__init__(accessor="pk", template_name=template_name, fixed=True, **kwargs)
