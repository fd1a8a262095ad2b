"""The message types: what the portal tells people about.

Each app lists its types in its own ``message_types.py`` with :func:`define`; Django loads these
modules at start (PortalConfig). Settings, side menu and sending all read this one catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from partner_center.permissions import Audience

from . import menu
from .choices import Category


@dataclass(frozen=True)
class MessageType:
    """One kind of message. ``code`` never changes once released."""

    code: str
    category: Category
    label: str | Promise
    audiences: frozenset[Audience]
    #: Only users with this permission get it in the portal; everybody when empty.
    permission: str = ""
    #: What is sent before the account has chosen.
    email: bool = True
    sms: bool = False
    #: Sent at once, not in working hours only.
    urgent: bool = False
    #: Line of the partner's template that decides for its customers (01-BAS-11).
    customer_rule: str = ""


_types: dict[str, MessageType] = {}


def define(
    code: str,
    category: Category,
    label: str | Promise,
    *,
    audiences: Iterable[Audience] = (Audience.PARTNER,),
    permission: str = "",
    email: bool = True,
    sms: bool = False,
    urgent: bool = False,
    customer_rule: str = "",
) -> MessageType:
    """Add a message type. Raises ValueError when it is there."""
    if code in _types:
        raise ValueError(f"Message type {code} is defined twice")
    added = MessageType(
        code,
        category,
        label,
        frozenset(audiences),
        permission=permission,
        email=email,
        sms=sms,
        urgent=urgent,
        customer_rule=customer_rule,
    )
    _types[code] = added
    for audience in added.audiences:
        menu.show_category(category, audience)
    return added


def get(code: str) -> MessageType:
    """The type with this code. Raises KeyError for an unknown one."""
    return _types[code]


def types_for(audience: Audience) -> list[MessageType]:
    """The types that accounts of this audience get, by category, in the order they were defined."""
    order = list(Category)
    found = (kind for kind in _types.values() if audience in kind.audiences)
    return sorted(found, key=lambda kind: order.index(kind.category))


def codes_of(category: Category) -> list[str]:
    """Codes of the types of one category."""
    return [kind.code for kind in _types.values() if kind.category == category]
