"""Rows chosen on a list, kept for the page that goes on with them.

They stand in the session under a random key, which travels in the address (``?selection=…``). The
page that reads them asks for each row's visibility again: a kept key is no permission.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

#: Name of the parameter in the address.
PARAMETER = "selection"
_SESSION_KEY = "selections"
#: Older ones are forgotten.
KEPT = 5


def keep(request: HttpRequest, ids: Sequence[Any]) -> str:
    """Keep the keys and return what the address says of them."""
    kept = dict(request.session.get(_SESSION_KEY, {}))
    key = secrets.token_urlsafe(9)
    kept[key] = list(ids)
    request.session[_SESSION_KEY] = dict(list(kept.items())[-KEPT:])
    return key


def read(request: HttpRequest) -> list[Any]:
    """The keys that the address speaks of; none for an unknown or forgotten selection."""
    key = request.GET.get(PARAMETER, "")
    return list(request.session.get(_SESSION_KEY, {}).get(key, ()))
