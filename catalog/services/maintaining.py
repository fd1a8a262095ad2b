"""One row of the catalogue at a time, from the operator's pages; prices: ``services.pricing``."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from ..locks import lock_catalogue
from ..models import Product
from ..permissions import OPERATE_CATALOGUE
from ..refusals import CodeTaken
from .checking import check, facts_at
from .rows import plain_values, prepare
from .sheets import SHEETS, Sheet

Row = TypeVar("Row", bound=models.Model)


def fields_of(model: type[models.Model]) -> tuple[str, ...]:
    """The fields of a table that pages may write; also what a stale page is noticed by."""
    return tuple(_sheet_of(model).columns)


@transaction.atomic(durable=True)
def add_row(actor: Actor, model: type[Row], *, values: Mapping[str, Any]) -> Row:
    """Add a row; ``values`` names fields of :func:`fields_of`. Raises BadValue, CodeTaken."""
    actor.require(OPERATE_CATALOGUE)
    lock_catalogue()
    sheet = _sheet_of(model)
    row = prepare(model, values)
    check(row, None, facts_at(clock.now()))
    same = {name: getattr(row, name) for name in sheet.key}
    if model._default_manager.filter(**same).exists():
        raise CodeTaken(str(same[sheet.key[-1]]), sheet.key[-1])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # the intake entered it meanwhile
        raise CodeTaken(str(same[sheet.key[-1]]), sheet.key[-1]) from error
    added = plain_values(None, row)
    audit.services.record(
        actor, f"catalog.{sheet.noun}.added", row, after=added[1] if added else None
    )
    return row


@transaction.atomic(durable=True)
def change_row(
    actor: Actor, model: type[Row], row_id: int, *, values: Mapping[str, Any], seen: str
) -> Row:
    """Change a row, its code excepted. Raises NotFound, Stale, BadValue, FixedValue."""
    actor.require(OPERATE_CATALOGUE)
    lock_catalogue()
    sheet = _sheet_of(model)
    known = _known(model, row_id)
    refuse_stale(seen, fingerprint_of(known, sheet.columns))
    open_values = {name: value for name, value in values.items() if name not in sheet.key}
    row = prepare(model, open_values, copy.copy(known))
    check(row, known, facts_at(clock.now()))
    _save(actor, sheet, known, row, "changed")
    return row


@transaction.atomic(durable=True)
def set_on_sale(actor: Actor, product_id: int, *, on_sale: bool) -> Product:
    """Withdraw a product from sale, or offer it again; what was bought stays and renews."""
    actor.require(OPERATE_CATALOGUE)
    lock_catalogue()
    known = _known(Product, product_id)
    row = prepare(Product, {"is_on_sale": on_sale}, copy.copy(known))
    verb = "offered" if on_sale else "withdrawn"
    _save(actor, SHEETS["products"], known, row, verb)
    return row


def _known(model: type[Row], row_id: int) -> Row:
    relations = [f.name for f in model._meta.concrete_fields if f.is_relation]
    rows = model._default_manager.all()
    rows = rows.select_related(*relations) if relations else rows
    if (found := rows.filter(pk=row_id).first()) is None:
        raise NotFound
    return found


def _save(actor: Actor, sheet: Sheet, known: Row, row: Row, verb: str) -> None:
    if (found := plain_values(known, row)) is None:
        return
    before, after = found
    row.save(update_fields=list(after))
    audit.services.record(actor, f"catalog.{sheet.noun}.{verb}", row, before=before, after=after)


def _sheet_of(model: type[models.Model]) -> Sheet:
    return next(sheet for sheet in SHEETS.values() if sheet.model is model)
