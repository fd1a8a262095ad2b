"""Names and passwords of customers whom a partner creates through the API (B.4)."""

from __future__ import annotations

import re

_LOGIN_NAME = re.compile(r"[a-zA-Z_-][a-zA-Z0-9_-]{4,31}")
_RESERVED = ("op_", "shadow_")
_KINDS = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9\s]")
_SHORTEST_PASSWORD = 8


def is_login_name(name: str) -> bool:
    """Whether the name may be an account's: it starts with no digit, so it is never all digits."""
    return bool(_LOGIN_NAME.fullmatch(name)) and not name.startswith(_RESERVED)


def is_strong(password: str, *, name: str, email: str) -> bool:
    """Whether the password may be used with this account name and address ("" for none)."""
    kinds = sum(bool(re.search(kind, password)) for kind in _KINDS)
    lowered = password.lower()
    return (
        len(password) >= _SHORTEST_PASSWORD
        and kinds >= 2
        and lowered not in (name.lower(), name.lower()[::-1])
        and not (email and email.lower() in lowered)
    )
