"""The tabs of Partner Bills: each page shows those that this installation has (05-BQY-01)."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


def tabs(current: str) -> list[dict[str, Any]]:
    """Bills, Consumed Product Details, Payment Methods; ``current`` names the address of the page."""
    labels = {
        "billing:bills": _("Bills"),
        "billing:details": _("Consumed Product Details"),
        "billing:payment-methods": _("Payment Methods"),
    }
    found = ((name, label, url_if_exists(name)) for name, label in labels.items())
    return [
        {"label": label, "url": url, "current": name == current}
        for name, label, url in found
        if url
    ]


def url_if_exists(name: str, *args: Any) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
