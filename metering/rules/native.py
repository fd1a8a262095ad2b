"""The portal's own format of usage records (docs/formats/usage.md): CSV with a head, or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from . import values
from .lines import BadLine, Line

FIELDS = (
    "record_id",
    "customer_id",
    "product_id",
    "region",
    "resource_id",
    "resource_name",
    "usage",
    "unit",
    "size",
    "points",
    "start",
    "end",
    "kind",
    "list_cost",
)
REQUIRED = frozenset({"record_id", "customer_id", "product_id", "start", "end"})
#: Kinds that usage files may bring. Purchases and refunds are those of orders.
KINDS = frozenset({"usage", "credit", "adjustment"})
_ABSENT = frozenset({"", "NULL", "null"})


def head(names: Sequence[str]) -> list[int | None]:
    """Where each of FIELDS stands in a row under this head. Raises BadLine."""
    found = [name.strip().lower() for name in names]
    if missing := sorted(REQUIRED - set(found)):
        raise BadLine("bad_head", f"The head lacks these columns: {', '.join(missing)}.")
    if unknown := sorted(set(found) - set(FIELDS)):
        raise BadLine("bad_head", f"The head has unknown columns: {', '.join(unknown)[:200]}.")
    if len(set(found)) != len(found):
        raise BadLine("bad_head", "The head names a column twice.")
    return [found.index(name) if name in found else None for name in FIELDS]


def from_row(row: Sequence[str], places: Sequence[int | None], width: int) -> Line:
    """A record of a CSV row. Raises BadLine."""
    if len(row) != width:
        raise BadLine("bad_row", f"The row has {len(row)} values, the head has {width}.")
    return _line(
        [
            ("" if (value := row[at].strip()) in _ABSENT else value) if at is not None else ""
            for at in places
        ]
    )


def from_json(text: str) -> Line:
    """A record of one JSON line. Numbers may be numbers or texts. Raises BadLine."""
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise BadLine("bad_json", "The line is not JSON.") from None
    if not isinstance(found, dict):
        raise BadLine("bad_json", "The line is not a JSON object.")
    return from_object(found)


def from_object(found: Mapping[str, Any]) -> Line:
    """A record of a JSON object. Raises BadLine."""
    if unknown := sorted(found.keys() - set(FIELDS)):
        raise BadLine("bad_json", f"Unknown fields: {', '.join(unknown)[:200]}.")
    if wrong := [k for k, v in found.items() if v is not None and not isinstance(v, str)]:
        raise BadLine("bad_json", f"{wrong[0]} must be a text or a number.")
    return _line([_present(found.get(name) or "") for name in FIELDS])


def _present(value: str) -> str:
    stripped = value.strip()
    return "" if stripped in _ABSENT else stripped


def _line(fields: Sequence[str]) -> Line:
    (
        record_id,
        customer,
        product,
        region,
        resource_id,
        resource_name,
        usage,
        unit,
        size,
        points,
        start,
        end,
        kind,
        cost,
    ) = fields
    kind = kind.lower() or "usage"
    if kind not in KINDS:
        raise BadLine("unknown_kind", f"The kind must be one of {', '.join(sorted(KINDS))}.")
    amount, plain_amount = _number("usage", usage, 15)
    list_cost, plain_cost = _number("list_cost", cost, 20)
    _refuse_wrong_amounts(kind, amount, list_cost)
    first, last = _period(start, end)
    texts = (
        values.required("record_id", record_id, 128),
        kind,
        values.required("customer_id", customer, 32),
        values.required("product_id", product, 128),
        values.text("region", region, 64),
        values.text("resource_id", resource_id, 512),
        values.text("resource_name", resource_name, 512),
        values.text("unit", unit, 64),
        values.whole("size", size),
        values.whole("points", points),
    )
    content = "\x1f".join((*texts, plain_amount, plain_cost, first, last))
    return Line(
        key=texts[0],
        fingerprint=blake2b(content.encode(), digest_size=16).hexdigest(),
        kind=kind,
        customer=texts[2],
        product=texts[3],
        region=texts[4],
        resource_id=texts[5],
        resource_name=texts[6],
        usage=amount,
        unit=texts[7],
        size=size,
        points=points,
        list_cost=list_cost,
        list_unit_price=None,
        started_at=first,
        ended_at=last,
        charged_at=last,
        extra="",
    )


def _refuse_wrong_amounts(kind: str, usage: Decimal | None, list_cost: Decimal | None) -> None:
    """Usage is priced by the catalogue; only credits and adjustments may bring an amount."""
    if kind == "usage" and list_cost is not None:
        raise BadLine("priced", "Only credits and adjustments may bring a list cost.")
    if usage is None and list_cost is None:
        raise BadLine("missing", "usage is missing.")


# The same hours and amounts come again and again.


@lru_cache(maxsize=4096)
def _period(start: str, end: str) -> tuple[str, str]:
    """Start and end in UTC."""
    started_at, ended_at = values.moment("start", start), values.moment("end", end)
    values.period(started_at, ended_at)
    return started_at.isoformat(), ended_at.isoformat()


@lru_cache(maxsize=4096)
def _number(name: str, text: str, places: int) -> tuple[Decimal | None, str]:
    """A number, and the same text for the same number, however it was written."""
    value = values.number(name, text, places)
    return value, "" if value is None else format(value.normalize(), "f")
