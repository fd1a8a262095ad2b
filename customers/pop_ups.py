"""What opens by itself on the first page after sign-in: Instructions that have to be signed (INS-03)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from .queries import instructions

_KEY = "asks_for_instructions"


def ask_once(request: HttpRequest) -> None:
    """Somebody signed in: the next page looks whether there is anything to sign."""
    request.session[_KEY] = True


def address(request: HttpRequest) -> str:
    """Address of the dialog for the page being drawn; empty for none, and after the first page."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.session.pop(_KEY, False):
        return ""
    return reverse("instructions:sign") if instructions.unsigned(actor) else ""
