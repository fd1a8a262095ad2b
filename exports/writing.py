"""Writing files. Memory stays flat: rows pass through one by one, whatever their number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from .snapshot import Snapshot
from .statement import Statement

#: Rows of one sheet, head included; the format has no more.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
#: Digits that the number cells of a workbook keep; longer numbers are written as text, exactly.
NUMBER_DIGITS = 15
BUFFER = 256 * 1024
#: Called now and then with the rows written so far; may raise to stop the writing.
Progress = Callable[[int], None]
REPORT_EVERY = 2000
#: Spreadsheets take a file for UTF-8 only when it begins so.
BYTE_ORDER_MARK = "\ufeff"


class _Reporting(io.RawIOBase):
    """Takes full buffers on their way to the file and reports the lines so far.

    COPY calls ``write`` for each row; the buffer in front of this keeps those calls out of Python. A
    line break inside a cell counts as a row here, which only progress sees: at most the total.
    """

    def __init__(self, out: BinaryIO, progress: Progress) -> None:
        self._out = out
        self._progress = progress
        self._lines = 0

    def writable(self) -> bool:
        return True

    def write(self, full: Any) -> int:
        content = bytes(full)
        self._out.write(content)
        self._lines += content.count(b"\n")
        self._progress(self._lines)
        return len(content)


def write_csv(
    snapshot: Snapshot,
    statement: Statement,
    path: Path,
    progress: Progress,
    *,
    byte_order_mark: bool = True,
) -> int:
    """Write a CSV file in UTF-8 by COPY and return the number of rows without the head."""
    with path.open("wb", buffering=0) as out:
        out.write(_csv_head(statement.heads, byte_order_mark=byte_order_mark))
        with io.BufferedWriter(_Reporting(out, progress), BUFFER) as buffer:
            return snapshot.copy_csv(statement.sql, statement.params, buffer)


def _csv_head(heads: list[str], *, byte_order_mark: bool) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(heads)
    return ((BYTE_ORDER_MARK if byte_order_mark else "") + text.getvalue()).encode()


def write_xlsx(
    snapshot: Snapshot,
    statement: Statement,
    path: Path,
    progress: Progress,
    *,
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write a workbook and return the number of rows; a full sheet is followed by the next."""
    book = xlsxwriter.Workbook(
        path,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd hh:mm:ss",
            "tmpdir": str(path.parent),
        },
    )
    sheets = _Sheets(book, statement.heads, sheet_rows)
    for row in snapshot.rows(statement.sql, statement.params):
        sheets.write(row)
        if not sheets.rows % REPORT_EVERY:
            progress(sheets.rows)
    book.close()
    return sheets.rows


class _Sheets:
    """The sheets of a workbook, filled one after the other."""

    def __init__(self, book: Any, heads: list[str], sheet_rows: int) -> None:
        self._book = book
        self._heads = heads
        self._bold = book.add_format({"bold": True})
        self._sheet_rows = sheet_rows
        self.rows = 0
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, head in enumerate(self._heads):
            self._sheet.write_string(0, column, head, self._bold)
        self._line = 1

    def write(self, row: tuple[Any, ...]) -> None:
        """Add a row."""
        if self._line == self._sheet_rows:
            self._begin()
        for column, value in enumerate(row):
            _write_cell(self._sheet, self._line, column, value)
        self._line += 1
        self.rows += 1


def _write_cell(sheet: Any, line: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(line, column, value[:CELL_CHARACTERS])
    elif isinstance(value, datetime):
        sheet.write_datetime(line, column, value)
    elif hasattr(value, "isoformat"):
        sheet.write_string(line, column, value.isoformat())
    elif len(str(value).lstrip("-0.").replace(".", "")) > NUMBER_DIGITS:
        sheet.write_string(line, column, str(value))
    else:
        sheet.write_number(line, column, value)
