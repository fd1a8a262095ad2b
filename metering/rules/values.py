"""Single values of a line: texts, numbers, times. Each raises BadLine in a clear sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from .lines import BadLine

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
#: Digits before the point that quantities and amounts may have.
WHOLE_DIGITS = 15
_LARGEST = 2**31 - 1
#: What a database text cannot hold.
_UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")


def text(name: str, value: str, longest: int) -> str:
    """A text of at most ``longest`` characters."""
    if len(value) > longest:
        raise BadLine("too_long", f"{name} is longer than {longest} characters.")
    if (not value.isascii() or "\0" in value) and _UNPRINTABLE.search(value):
        raise BadLine("bad_text", f"{name} holds bytes that are no UTF-8 text.")
    return value


def required(name: str, value: str, longest: int) -> str:
    """A text that must be there."""
    if not value:
        raise BadLine("missing", f"{name} is missing.")
    return text(name, value, longest)


def number(name: str, value: str, places: int) -> Decimal | None:
    """An exact decimal with at most ``places`` decimals, any sign; None when empty."""
    if not value:
        return None
    if len(value) > 60 or not _NUMBER.fullmatch(value):
        raise BadLine("bad_number", f"{name} is not a number: “{value[:40]}”.")
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise BadLine("bad_number", f"{name} is not a number: “{value[:40]}”.") from None
    if found and found.adjusted() >= WHOLE_DIGITS:
        raise BadLine(
            "too_large", f"{name} has more than {WHOLE_DIGITS} digits before the decimal point."
        )
    if _places(found) > places:
        raise BadLine("too_precise", f"{name} has more than {places} decimals.")
    return found


def _places(found: Decimal) -> int:
    """Decimals that are not trailing zeros."""
    _sign, digits, exponent = found.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return 0
    zeros = 0
    for digit in reversed(digits):
        if digit:
            break
        zeros += 1
    return max(0, -exponent - zeros) if any(digits) else 0


def whole(name: str, value: str) -> str:
    """A whole number from 0 on, as text; empty when absent."""
    if value and not (value.isascii() and value.isdigit() and int(value) <= _LARGEST):
        raise BadLine(
            "bad_number", f"{name} must be a whole number from 0 to {_LARGEST}: “{value[:40]}”."
        )
    return value


def moment(name: str, value: str, *, assumes_utc: bool = False) -> datetime:
    """A moment, ISO 8601 with its offset from UTC, as a UTC datetime."""
    if not value:
        raise BadLine("missing", f"{name} is missing.")
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            if not assumes_utc or len(value) < 16:
                raise BadLine("bad_time", f"{name} must name its offset from UTC: “{value[:40]}”.")
            return found.replace(tzinfo=UTC)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadLine(
            "bad_time",
            f"{name} is not a time such as 2026-10-01T08:00:00+08:00: “{value[:40]}”.",
        ) from None
    return found


def period(started_at: datetime, ended_at: datetime) -> None:
    """The end must not lie before the start; years must be those of real usage."""
    if ended_at < started_at:
        raise BadLine("end_before_start", "The end lies before the start.")
    if started_at.year < 2000 or ended_at.year > 2199:
        raise BadLine("bad_time", "The period lies outside the years 2000 to 2199.")
