"""What somebody came for who must register first: kept in the session until it is done.

A higher floor keeps an errand and sends the visitor to the page Register with ``?next=<address>``. The
page fixes the e-mail address, shows the words, and leads to the address afterwards.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest

_KEY = "errand"


@dataclass(frozen=True)
class Errand:
    """Why somebody registers, and where it goes on. ``name`` means something to who kept it."""

    name: str
    address: str
    words: str
    #: The only e-mail address that may register for it; empty for any.
    email: str = ""
    #: Where somebody with an account goes instead; empty when the errand is for new accounts.
    sign_in: str = ""


def keep(request: HttpRequest, errand: Errand) -> None:
    """Keep the errand for this visitor; an earlier one is forgotten."""
    request.session[_KEY] = asdict(errand)


def current(request: HttpRequest) -> Errand | None:
    """The errand that the page was asked for (``?next=``), if this visitor has it."""
    kept = request.session.get(_KEY)
    if not kept or kept["address"] != request.GET.get("next"):
        return None
    return Errand(**kept)


def forget(request: HttpRequest) -> None:
    """The errand is done."""
    request.session.pop(_KEY, None)
