"""Loading the catalogue from files: good lines go in, each other line is named with the reason.

The same file again changes nothing. Columns that a file does not have stay as they are.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import Refusal, Stale

from ..locks import lock_catalogue
from ..permissions import OPERATE_CATALOGUE
from ..refusals import BadValue, UnreadableFile
from ..rules.cells import CellError
from . import pricing
from .checking import check, facts_at
from .rows import plain_values, prepare
from .sheets import SHEETS, Lookup, Sheet

PRICES = "prices"
#: The catalogue that comes with the portal.
OWN_FOLDER = Path(__file__).resolve().parents[1] / "data"
#: Files of a folder, in the order in which they build upon each other.
ORDER = (*SHEETS, PRICES)


@dataclass(frozen=True)
class Problem:
    """A line that did not go in. ``column`` is empty when it is about the whole line."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f", {self.column}" if self.column else ""
        return _("Line %(line)s%(place)s: %(sentence)s") % {
            "line": self.line,
            "place": place,
            "sentence": self.sentence,
        }


@dataclass
class Report:
    """What became of the lines of one file."""

    sheet: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


#: A line of a file: its number, and its cells by column.
Line = tuple[int, Mapping[str, str]]


def import_file(actor: Actor, name: str, content: bytes) -> Report:
    """Load one table (a name of ORDER) from the content of a CSV file in UTF-8.

    Raises UnreadableFile when the file as a whole cannot be read, Stale when a row came in from
    elsewhere at the same moment.
    """
    actor.require(OPERATE_CATALOGUE)
    needed = pricing.NEEDED if name == PRICES else SHEETS[name].key
    lines = list(_lines(content, columns_of(name), needed))
    try:
        with transaction.atomic(durable=True):
            lock_catalogue()
            moment = clock.now()
            if name == PRICES:
                return _load_prices(actor, lines, moment)
            return _load(actor, SHEETS[name], lines, moment)
    except IntegrityError as error:
        raise Stale from error


def columns_of(name: str) -> tuple[str, ...]:
    """The columns that the file of a table may have."""
    return pricing.COLUMNS if name == PRICES else tuple(SHEETS[name].columns)


def load_folder(actor: Actor, folder: Path) -> list[Report]:
    """Load every file of a folder that is named like a table: ``regions.csv``, ``prices.csv``, …

    Each file is one transaction, so a killed load is finished by the next. Raises UnreadableFile.
    """
    files = [(name, folder / f"{name}.csv") for name in ORDER]
    present = [(name, path) for name, path in files if path.is_file()]
    if not present:
        raise UnreadableFile(
            _("There is no file of the catalogue in %(folder)s.") % {"folder": folder}
        )
    return [import_file(actor, name, path.read_bytes()) for name, path in present]


def _lines(content: bytes, columns: Sequence[str], needed: Sequence[str]) -> Iterator[Line]:
    try:
        reader = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        heads = [head.strip() for head in next(reader, [])]
        _check_heads(heads, columns, needed)
        for cells in reader:
            if any(cells):
                yield reader.line_num, _by_head(heads, cells)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("The file is not UTF-8. Save it as CSV UTF-8.")) from error
    except csv.Error as error:
        raise UnreadableFile(
            _("Line %(line)s cannot be read as CSV: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from error


def _check_heads(heads: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> None:
    if missing := [name for name in needed if name not in heads]:
        raise UnreadableFile(
            _("The first line lacks the column %(missing)s. It may name: %(columns)s.")
            % {"missing": missing[0], "columns": ", ".join(columns)}
        )
    if unknown := [head for head in heads if head not in columns]:
        raise UnreadableFile(
            _("There is no column “%(unknown)s”. The first line may name: %(columns)s.")
            % {"unknown": unknown[0], "columns": ", ".join(columns)}
        )
    if len(set(heads)) != len(heads):
        raise UnreadableFile(_("The first line names a column twice."))


def _by_head(heads: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells by column; under "" how many there are, when they are too many or too few."""
    line = {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
    return line if len(cells) == len(heads) else line | {"": str(len(cells))}


def _load(actor: Actor, sheet: Sheet, lines: Iterable[Line], moment: datetime) -> Report:
    """Decide about each line, then write all of them at once."""
    report, lookup, facts = Report(sheet.name), Lookup(), facts_at(moment)
    stored = {sheet.key_of(row): row for row in _stored(sheet)}
    seen: set[tuple] = set()
    rows: list[tuple[models.Model, models.Model | None]] = []
    for number, line in lines:
        try:
            values = _values(sheet, line, lookup)
            row = prepare(sheet.model, values)
            key = sheet.key_of(row)
            if key in seen:
                raise BadValue(_("The same row stands in the file twice."))
            known = stored.get(key)
            if known is not None:
                row = prepare(sheet.model, values, copy.copy(known))
            check(row, known, facts)
        except (CellError, Refusal) as error:
            report.problems.append(_problem(number, error))
            continue
        seen.add(key)
        rows.append((row, known))
    _write(actor, sheet, rows, report)
    return report


def _values(sheet: Sheet, line: Mapping[str, str], lookup: Lookup) -> dict[str, Any]:
    _refuse_odd_lines(line)
    return sheet.read(line, lookup)


def _refuse_odd_lines(line: Mapping[str, str]) -> None:
    if "" in line:
        raise CellError(
            _("The line has %(count)s cells, not as many as the first.") % {"count": line[""]}
        )


def _stored(sheet: Sheet) -> models.QuerySet:
    relations = [f.name for f in sheet.model._meta.concrete_fields if f.is_relation]
    rows = sheet.model._default_manager.all()
    return rows.select_related(*relations) if relations else rows


def _problem(number: int, error: CellError | Refusal) -> Problem:
    if isinstance(error, Refusal):
        return Problem(number, error.field or "", error.sentence)
    column = str(error.args[1]) if len(error.args) > 1 else ""
    return Problem(number, column, str(error.args[0]))


def _write(
    actor: Actor,
    sheet: Sheet,
    rows: Sequence[tuple[models.Model, models.Model | None]],
    report: Report,
) -> None:
    new = [row for row, known in rows if known is None]
    differences = [
        (row, *found)
        for row, known in rows
        if known is not None and (found := plain_values(known, row)) is not None
    ]
    manager = sheet.model._default_manager
    manager.bulk_create(new, batch_size=1_000)
    if differences:
        fields = [f.name for f in sheet.model._meta.concrete_fields if not f.primary_key]
        manager.bulk_update([row for row, *_rest in differences], fields, batch_size=500)
    noun = sheet.noun
    changes = [
        audit.services.Change(f"catalog.{noun}.added", row, None, plain_values(None, row)[1])  # type: ignore[index]
        for row in new
    ]
    changes += [
        audit.services.Change(f"catalog.{noun}.changed", row, before, after)
        for row, before, after in differences
    ]
    audit.services.record_each(actor, changes)
    report.added, report.changed = len(new), len(differences)
    report.unchanged = len(rows) - len(new) - len(differences)


def _load_prices(actor: Actor, lines: Iterable[Line], moment: datetime) -> Report:
    report, lookup = Report(PRICES), Lookup()
    book = pricing.PriceBook.at(moment)
    for number, line in lines:
        try:
            _refuse_odd_lines(line)
            book.take(pricing.read_line(line, lookup))
        except (CellError, Refusal) as error:
            report.problems.append(_problem(number, error))
    report.added, report.changed, report.unchanged = book.write(actor)
    return report
