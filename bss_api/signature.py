"""The AK/SK signature ``SDK-HMAC-SHA256``, computed over plain values (docs/api/bss-api.md A.3)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

ALGORITHM = "SDK-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_HEADER = re.compile(
    r"SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})"
)
_DATE = re.compile(r"\d{8}T\d{6}Z")
_ALWAYS_SIGNED = {"host", "x-sdk-date"}


class BadSignature(ValueError):
    """The request cannot be checked, or was signed otherwise. The message says why."""


@dataclass(frozen=True)
class Authorization:
    """What the header Authorization says."""

    ak: str
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True)
class SignedRequest:
    """A request as it arrived. ``path`` is percent-decoded once, ``query`` is raw.

    ``header`` gives the value of a header by its lower-case name, as text, or None.
    """

    method: str
    path: str
    query: str
    body: bytes
    header: Callable[[str], str | None]


def parse_authorization(value: str) -> Authorization:
    """Read the header. Raises BadSignature for other algorithms and broken headers."""
    if not value.startswith(f"{ALGORITHM} "):
        raise BadSignature(f"the algorithm must be {ALGORITHM}")
    found = _HEADER.fullmatch(value)
    if not found:
        raise BadSignature("the header Authorization is malformed")
    ak, names, signature = found.groups()
    signed = tuple(names.split(";"))
    if not set(signed) >= _ALWAYS_SIGNED:
        raise BadSignature("the headers host and x-sdk-date must be signed")
    return Authorization(ak, signed, signature)


def parse_date(value: str | None) -> datetime:
    """The moment of X-Sdk-Date (``YYYYMMDDTHHMMSSZ``), aware. Raises BadSignature."""
    if value and _DATE.fullmatch(value):
        try:
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise BadSignature("the header X-Sdk-Date must be written YYYYMMDDTHHMMSSZ")


def matches(request: SignedRequest, authorization: Authorization, secret: str) -> bool:
    """Whether the request was signed with ``secret``. Raises BadSignature for a missing header."""
    wanted = signature_of(request, authorization.signed_headers, secret)
    return hmac.compare_digest(wanted, authorization.signature)


def signature_of(request: SignedRequest, signed_headers: tuple[str, ...], secret: str) -> str:
    """The signature of a request. Raises BadSignature for a missing header."""
    canonical = canonical_request(request, signed_headers)
    text = "\n".join(
        [ALGORITHM, request.header("x-sdk-date") or "", _sha256(canonical.encode())],
    )
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def canonical_request(request: SignedRequest, signed_headers: tuple[str, ...]) -> str:
    """The text whose hash is signed. Raises BadSignature for a missing header or a wrong hash."""
    return "\n".join(
        [
            request.method.upper(),
            _canonical_path(request.path),
            _canonical_query(request.query),
            _canonical_headers(request, signed_headers),
            ";".join(signed_headers),
            _payload_hash(request),
        ]
    )


def _canonical_path(path: str) -> str:
    encoded = "/".join(_encode(segment) for segment in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def _canonical_headers(request: SignedRequest, signed_headers: tuple[str, ...]) -> str:
    lines = []
    for name in signed_headers:
        value = request.header(name)
        if value is None:
            raise BadSignature(f"the signed header {name} is missing")
        lines.append(f"{name}:{value.strip()}\n")
    return "".join(lines)


def _payload_hash(request: SignedRequest) -> str:
    real = _sha256(request.body)
    sent = request.header("x-sdk-content-sha256") if request.body else None
    if sent and sent not in (UNSIGNED_PAYLOAD, real):
        raise BadSignature("X-Sdk-Content-Sha256 is not the hash of the body")
    return sent or real


def _encode(text: str) -> str:
    return quote(text, safe="~")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
