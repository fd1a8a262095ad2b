"""Masked personal data: first letters, exactly four asterisks whatever the length, last part.

Each mask exists twice, as a Python function for pages and as an SQL expression for exports
(05-EXP-05, 06-DX-07); a test holds both against each other. The plain value never reaches the
markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, Expression, F, Func, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Least, Left, StrIndex, Substr
from django.db.models.lookups import Exact, GreaterThan, IsNull

STARS = "****"
# ITU country codes. No code begins another, so that "longest match" (PostgreSQL) and "first
# match" (Python) find the same one.
_COUNTRY_CODE = (
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(?:2[1-689]|3[578]|42|5[09]|6[7-9]|8[035789]|9[679])[0-9]"
)
_PHONE = rf"^(\+(?:{_COUNTRY_CODE}))[0-9]{{3,}}([0-9]{{4}})$"
_NO_MASKED_PHONE = r"^(?!\+[0-9]{1,3} \*{4}[0-9]{4}$).+$"
_REST_OF_WORD = r"(\S)\S*"

Column = str | Combinable


@dataclass(frozen=True)
class Mask:
    """One way to mask. ``text`` masks a value, ``sql`` builds the same over a column."""

    text: Callable[[str], str]
    sql: Callable[[Column], Expression]


def mask_name(value: str) -> str:
    """``Harborline Logistics`` becomes ``H**** L****``."""
    return re.sub(_REST_OF_WORD, rf"\1{STARS}", value)


def mask_phone(value: str) -> str:
    """``+639175552291`` becomes ``+63 ****2291``; anything that is no such number only stars."""
    masked = re.sub(_PHONE, rf"\1 {STARS}\2", value)
    return re.sub(_NO_MASKED_PHONE, STARS, masked)


def mask_email(value: str) -> str:
    """``accounts@harborline.ph`` becomes ``acc****@harborline.ph``; at most half of a short name."""
    local, at, domain = value.partition("@")
    if not at:
        return STARS if value else ""
    return f"{local[: min(3, len(local) // 2)]}{STARS}@{domain}"


class _Replace(Func):
    function = "regexp_replace"
    output_field = TextField()


def _text(column: Column) -> Expression:
    return Cast(F(column) if isinstance(column, str) else column, TextField())


def _name_sql(column: Column) -> Expression:
    return _Replace(_text(column), Value(_REST_OF_WORD), Value(rf"\1{STARS}"), Value("g"))


def _phone_sql(column: Column) -> Expression:
    masked = _Replace(_text(column), Value(_PHONE), Value(rf"\1 {STARS}\2"))
    return _Replace(masked, Value(_NO_MASKED_PHONE), Value(STARS))


def _email_sql(column: Column) -> Expression:
    text = _text(column)
    at = StrIndex(text, Value("@"))
    shown = Left(text, Least(Value(3), (at - 1) / 2))
    return Case(
        When(IsNull(text, True), then=None),
        When(Exact(text, Value("")), then=Value("")),
        When(GreaterThan(at, 0), then=Concat(shown, Value(STARS), Substr(text, at))),
        default=Value(STARS),
        output_field=TextField(),
    )


NAME = Mask(mask_name, _name_sql)
PHONE = Mask(mask_phone, _phone_sql)
EMAIL = Mask(mask_email, _email_sql)
