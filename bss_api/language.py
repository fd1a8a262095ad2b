"""X-Language: in which language an operation names things."""

from __future__ import annotations

ENGLISH = "en_US"
CHINESE = "zh_CN"
_KNOWN = {code.lower(): code for code in (ENGLISH, CHINESE)}


def language_of(header: str | None, default: str = ENGLISH) -> str:
    """``en_US`` or ``zh_CN``, in any case and with ``-`` or ``_``; the default for anything else."""
    return _KNOWN.get((header or "").strip().replace("-", "_").lower(), default)
