"""Stale pages: was the object changed between showing the form and sending it?

A form carries the fingerprint of the values it was filled with (a hidden field named ``seen``); the
service compares it, after its lock, with the fingerprint of what is stored now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from .refusals import Stale


def fingerprint(values: Mapping[str, Any]) -> str:
    """A short digest of plain values; equal values give equal digests, whatever their order."""
    text = json.dumps(dict(values), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fingerprint_of(row: models.Model, fields: Iterable[str]) -> str:
    """The fingerprint of some fields of a row."""
    return fingerprint({name: getattr(row, name) for name in fields})


def refuse_stale(seen: str, current: str) -> None:
    """Raise Stale when the form was filled with other values than are stored now."""
    if seen != current:
        raise Stale
