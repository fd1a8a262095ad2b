"""A file of records, read as a stream: chunks of checked lines, ready to be staged.

Memory holds one chunk and the one that is read ahead, however long the file is.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from partner_center.clock import BillingCycle

from ..choices import SourceKind
from ..refusals import DamagedFile, WrongFormat
from ..rules import focus, native
from ..rules.lines import BadLine, Description, Line

#: Lines that one transaction takes in.
CHUNK = 50_000
#: The longest value of a CSV row; longer ones are refused by line.
LONGEST = 1_000_000
_GZIP = b"\x1f\x8b"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass
class Chunk:
    """Lines ``first`` to ``last`` of a file, heads not counted."""

    first: int
    #: Rows of the staging table, in the text format of COPY.
    staged: io.BytesIO = field(default_factory=io.BytesIO)
    described: set[Description] = field(default_factory=set)
    #: Line, code, sentence of lines that are no records.
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    #: The lines as they came, for the report of what was refused.
    raw: list[str] = field(default_factory=list)
    counts_rows: bool = False

    @property
    def last(self) -> int:
        """Number of the last line."""
        return self.first + len(self.raw) - 1

    def content(self, line: int) -> str:
        """The line as it came."""
        return self.raw[line - self.first]


def unpacked(file: IO[bytes]) -> IO[bytes]:
    """The content of a file that may be packed with gzip; its own first bytes tell."""
    start = file.read(2)
    file.seek(0)
    return gzip.open(file) if start == _GZIP else file  # type: ignore[return-value]


def check_head(file: IO[bytes], kind: str, shift_months: int = 0) -> None:
    """Raise WrongFormat or DamagedFile unless the file begins as the format does; it stays open."""
    reader = Reader(file, kind, shift_months)
    reader.lines.file.detach()
    file.seek(0)


def first_month(path: Path) -> BillingCycle:
    """The month (UTC) in which the first charge period of a FOCUS file begins. Raises WrongFormat."""
    with path.open("rb") as file:
        rows = csv.reader(_Remembering(_text(unpacked(file))))
        try:
            columns = focus.head(next(rows, []))
            first = dict(zip(columns, next(rows, []), strict=False))
            return focus.month_of(first)
        except (BadLine, csv.Error, EOFError, zlib.error) as error:
            raise WrongFormat(str(error)) from error


class Reader:
    """Lines of one file in one format. Raises WrongFormat when its head is none of that format."""

    def __init__(self, file: IO[bytes], kind: str, shift_months: int = 0) -> None:
        self.lines = _Remembering(_text(unpacked(file)))
        #: Whether rows may have to be counted that were taken in already.
        self.counts_rows = kind == SourceKind.FOCUS
        self._parse = self._parser(kind, shift_months)

    def chunks(self, size: int = CHUNK, done: int = 0) -> Iterator[Chunk]:
        """Chunks of at most ``size`` lines, one read ahead while the caller works on another.

        Lines up to ``done`` come in chunks of their own. Raises DamagedFile when a packed file ends
        too early.
        """
        made = self._chunks(size, done)
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(next, made, None)
            while (chunk := coming.result()) is not None:
                coming = ahead.submit(next, made, None)
                yield chunk

    def _chunks(self, size: int, done: int) -> Iterator[Chunk]:
        chunk = Chunk(1)
        for number, raw, row in self._rows():
            chunk.raw.append(raw)
            if number > done or self.counts_rows:
                try:
                    self._parse(chunk, number, row)
                except BadLine as bad:
                    chunk.bad.append((number, bad.code, bad.reason))
            if len(chunk.raw) >= size or number == done:
                yield chunk
                chunk = Chunk(number + 1)
        if chunk.raw:
            yield chunk

    def _rows(self) -> Iterator[tuple[int, str, Sequence[str] | str | BadLine]]:
        """Number, text and values of each line; empty ones are passed over."""
        number = 0
        source = iter(self._source)
        while True:
            try:
                row = next(source)
            except StopIteration:
                return
            except csv.Error as error:
                row = BadLine("bad_row", f"The row cannot be read: {error}.")  # type: ignore[assignment]
            except (EOFError, OSError, zlib.error) as error:
                raise DamagedFile(str(error)) from error
            raw = self.lines.take()
            if row:
                number += 1
                yield number, raw, row

    def _parser(
        self, kind: str, shift_months: int
    ) -> Callable[[Chunk, int, Sequence[str] | str | BadLine], None]:
        self._source: Iterable = csv.reader(self.lines)
        try:
            if kind == SourceKind.FOCUS:
                return _focus(self._head(), shift_months)
            start = self.lines.peek()
            if start.lstrip().startswith("{"):
                self._source = (line.strip() for line in self.lines)
                return _native_json
            return _native_csv(self._head())
        except BadLine as bad:
            raise WrongFormat(bad.reason) from bad
        except csv.Error as error:
            raise WrongFormat(f"The head cannot be read: {error}.") from error
        except (EOFError, OSError, zlib.error) as error:
            raise DamagedFile(str(error)) from error

    def _head(self) -> list[str]:
        head: Sequence[str] = next(iter(self._source), [])
        self.lines.take()
        if not head:
            raise BadLine("bad_head", "The file is empty.")
        return list(head)


class _Remembering:
    """The lines of a text, and those that were read since one last asked."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        csv.field_size_limit(LONGEST)
        self.file = file
        self.read: list[str] = []
        self.waiting: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        # A line without an end must not fill the memory: it goes on as several, each refused.
        line = self.waiting.pop() if self.waiting else self.file.readline(LONGEST)
        if not line:
            raise StopIteration
        self.read.append(line)
        return line

    def peek(self) -> str:
        """The next line that is not empty, which stays the next one."""
        while True:
            line = self.file.readline(LONGEST)
            if not line or line.strip():
                self.waiting = [line] if line else []
                return line

    def take(self) -> str:
        """What was read since the last time."""
        text = "".join(self.read)
        self.read.clear()
        return text.rstrip("\r\n")


def _text(file: IO[bytes]) -> io.TextIOWrapper:
    """Bytes that are no UTF-8 stay visible, so that their line can be refused."""
    return io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")


Row = Sequence[str] | str | BadLine
Parser = Callable[[Chunk, int, Row], None]


def _native_csv(names: Sequence[str]) -> Parser:
    places, width = native.head(names), len(names)

    def parse(chunk: Chunk, number: int, row: Row) -> None:
        chunk.staged.write(_staged(number, native.from_row(_good(row), places, width)))

    return parse


def _native_json(chunk: Chunk, number: int, row: Row) -> None:
    if isinstance(row, BadLine):
        raise row
    chunk.staged.write(_staged(number, native.from_json(str(row))))


def _focus(names: Sequence[str], shift_months: int) -> Parser:
    mapper = focus.Mapper(focus.head(names), shift_months)

    def parse(chunk: Chunk, number: int, row: Row) -> None:
        line, description = mapper.read(_good(row))
        chunk.staged.write(_staged(number, line))
        chunk.described.add(description)
        chunk.counts_rows = chunk.counts_rows or focus.is_by_content(line.key)

    return parse


def _good(row: Row) -> Sequence[str]:
    if isinstance(row, BadLine):
        raise row
    return row


def _staged(number: int, line: Line) -> bytes:
    """The line as a row of the staging table, in the text format of COPY."""
    texts = "\t".join(_texts(line))
    if "\\" in texts or texts.count("\t") != 8 or "\n" in texts or "\r" in texts:
        texts = "\t".join(_escape(text) for text in _texts(line))
    return (
        f"{number}\t{texts}\t{_or_null(line.usage)}\t{line.size or _NULL}\t"
        f"{line.points or _NULL}\t{_or_null(line.list_cost)}\t{_or_null(line.list_unit_price)}\t"
        f"{line.started_at}\t{line.ended_at}\t{line.charged_at}\t"
        f"{_escape(line.extra) if line.extra else _NULL}\n"
    ).encode()


def _texts(line: Line) -> tuple[str, ...]:
    return (
        line.key,
        line.fingerprint,
        line.kind,
        line.customer,
        line.product,
        line.region,
        line.resource_id,
        line.resource_name,
        line.unit,
    )


_NULL = "\\N"


def _or_null(value: object) -> str:
    return _NULL if value is None else str(value)


def _escape(text: str) -> str:
    return text.translate(_ESCAPED)
