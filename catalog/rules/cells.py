"""Cells of catalogue files: text to values and back. Every reader raises CellError with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from partner_center.money import plain

from .pricing import Tier

_FLAGS = {"yes": True, "no": False}


class CellError(ValueError):
    """A cell cannot be read; the text says what to write instead."""


def read_flag(text: str) -> bool:
    """``yes`` or ``no``; empty is no."""
    if (text or "no").lower() not in _FLAGS:
        raise CellError(_("Write yes or no, not “%(text)s”.") % {"text": text})
    return _FLAGS[(text or "no").lower()]


def read_whole(text: str) -> int | None:
    """A whole number that is not negative; empty is none."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise CellError(_("Write a whole number, not “%(text)s”.") % {"text": text})
    return int(text)


def read_decimal(text: str) -> Decimal | None:
    """A decimal number such as 0.0125; empty is none."""
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise CellError(_("Write a number such as 0.0125, not “%(text)s”.") % {"text": text})
    return number


def read_moment(text: str) -> datetime | None:
    """A moment with its offset, ``2026-01-01T00:00:00+08:00``; empty is none."""
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CellError(
            _("Write a time such as 2026-01-01T00:00:00+08:00, not “%(text)s”.") % {"text": text}
        )
    return moment


def read_list(text: str) -> list[str]:
    """Words separated by ``|``."""
    return [word.strip() for word in text.split("|") if word.strip()]


def read_attributes(text: str) -> list[dict[str, str]]:
    """Attributes of a specification, ``code=name=value=unit`` each, separated by ``;``."""
    return [_attribute(part) for part in text.split(";") if part.strip()]


def _attribute(text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split("=")]
    if len(parts) != 4 or not all(parts[:3]):
        raise CellError(
            _("Write each attribute as code=name=value=unit, not “%(text)s”.") % {"text": text}
        )
    return dict(zip(("code", "name", "value", "unit"), parts, strict=True))


def write_attributes(attributes: Sequence[dict[str, str]]) -> str:
    """What :func:`read_attributes` reads."""
    parts = ("code", "name", "value", "unit")
    return ";".join("=".join(str(each.get(part, "")) for part in parts) for each in attributes)


def read_tiers(text: str) -> list[Tier]:
    """Tiers, ``above:price`` each, separated by ``;`` or line ends: from how much on which price."""
    return [_tier(part) for part in text.replace("\n", ";").split(";") if part.strip()]


def _tier(text: str) -> Tier:
    above, colon, price = text.partition(":")
    if not colon:
        raise CellError(_("Write each tier as above:price, not “%(text)s”.") % {"text": text})
    found = read_decimal(above.strip()), read_decimal(price.strip())
    if found[0] is None or found[1] is None:
        raise CellError(_("Write each tier as above:price, not “%(text)s”.") % {"text": text})
    return Tier(found[0], found[1])


def write_tiers(tiers: Sequence[Tier], separator: str = ";") -> str:
    """What :func:`read_tiers` reads."""
    return separator.join(f"{plain(tier.above)}:{plain(tier.unit_price)}" for tier in tiers)
