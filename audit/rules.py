"""What a record's text, keyed hash and place in the chain are: pure functions, the same everywhere.

The text is a JSON array in the form in which PostgreSQL prints ``jsonb``, so that the database can
hash a million records by itself (audit.verification) and arrives at the same 32 bytes as we do.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

#: First entry of every text: a later layout gets the next number, so that old records stay valid.
LAYOUT = 1
#: What the first record of the chain follows.
GENESIS = bytes(32)
MASK = "******"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECRET_NAMES = frozenset({"code", "otp", "pin", "pwd", "sk", "token", "authorization", "cookie"})
_SECRET_PARTS = ("password", "passwd", "secret", "verification_code", "private_key", "credential")
_SECRET_ENDS = ("_token", "_sk", "_otp", "_hash", "_encrypted")


@lru_cache(maxsize=1024)
def is_secret(field: str) -> bool:
    """Whether a field of this name must never be recorded."""
    name = field.lower()
    return (
        name in _SECRET_NAMES
        or any(part in name for part in _SECRET_PARTS)
        or name.endswith(_SECRET_ENDS)
    )


def plain(value: Any) -> Json:
    """The value as JSON without floats; secrets below it, known by their names, are masked."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Mapping):
        return {
            clean(str(k)): MASK if v is not None and is_secret(str(k)) else plain(v)
            for k, v in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    return clean(value.isoformat() if hasattr(value, "isoformat") else str(value))


def clean(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def address(ip: str | None) -> str | None:
    """An IP address in the one form in which PostgreSQL prints it; None for what is none."""
    try:
        found = ip_address((ip or "").partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def trace_name(action: str) -> str:
    """The trace name of what is done on a customer's behalf: ``orders.order.placed`` is orderPlaced.

    The six channel operations have names of their own (08-CTS-02).
    """
    _app, _dot, rest = action.partition(".")
    first, *others = (rest or action).replace(".", "_").split("_")
    return first + "".join(word.capitalize() for word in others)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def record_text(values: Iterable[Json]) -> str:
    """The canonical text of a record: the values in the order of audit.verification.CONTENT."""
    return json.dumps([LAYOUT, *(_ordered(v) for v in values)], ensure_ascii=False)


def record_mac(key: bytes, digest: bytes) -> bytes:
    """Keyed hash of a record from the SHA-256 of its text."""
    return hmac.digest(key, digest, "sha256")


def text_digest(text: str) -> bytes:
    """SHA-256 of a record's text."""
    return hashlib.sha256(text.encode()).digest()


def place(position: int, record_id: int, account_id: int) -> bytes:
    """What stands where in the chain."""
    return b"%d|%d|%d|" % (position, record_id, account_id)


def chain_hash(key: bytes, previous: bytes, place: bytes, mac: bytes) -> bytes:
    """Keyed hash of one link: everything before it and the record in its place."""
    return hmac.digest(key, b"".join((previous, place, mac)), "sha256")


def _ordered(value: Json) -> Json:
    """The order of keys in ``jsonb``: shorter ones first, then by bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda k: (len(k.encode()), k.encode()))
        return {k: _ordered(value[k]) for k in keys}
    return [_ordered(v) for v in value] if isinstance(value, list) else value
