"""The permission catalogue: what a role can hold.

Each app lists its permissions in its own ``permissions.py`` with :func:`define`; Django loads these
modules at start (``PortalConfig.ready``), so that a lower floor never imports a higher one. The tree
on the role page, the menu, the views and the services all read this one catalogue (02 §3.1, S-04).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Audience(StrEnum):
    """Which kind of account a permission is meant for."""

    PARTNER = "partner"
    CUSTOMER = "customer"
    OPERATOR = "operator"


class Kind(StrEnum):
    """Column of the permission tree."""

    VIEW = "view"
    MANAGE = "manage"
    FINE = "fine"  # a single right below a menu entry, such as exporting the customer list


@dataclass(frozen=True)
class Permission:
    """One right. ``code`` is ``app.verb_noun`` and never changes once released."""

    code: str
    label: str | Promise
    area: str | Promise  # top menu it belongs to: Organization, Sales, …
    entry: str | Promise  # menu entry within the area
    kind: Kind
    audiences: frozenset[Audience]
    #: Given to every role as soon as it holds any permission (02-ROL-05).
    default: bool = False
    #: Held by the Admin role only; not offered for custom roles (e.g. export the customer list).
    admin_only: bool = False
    #: Code of a permission whose holders hold this one as well; empty: none.
    comes_with: str = ""


_catalogue: dict[str, Permission] = {}


def define(
    code: str,
    label: str | Promise,
    *,
    area: str | Promise,
    entry: str | Promise,
    kind: Kind,
    audiences: Iterable[Audience] = (Audience.PARTNER,),
    default: bool = False,
    admin_only: bool = False,
    comes_with: str = "",
) -> str:
    """Add a permission to the catalogue and return its code. Raises ValueError when it is there."""
    if code in _catalogue:
        raise ValueError(f"Permission {code} is defined twice")
    _catalogue[code] = Permission(
        code, label, area, entry, kind, frozenset(audiences), default, admin_only, comes_with
    )
    return code


def get(code: str) -> Permission:
    """The permission with this code. Raises KeyError for an unknown one."""
    return _catalogue[code]


def catalogue(audience: Audience | None = None) -> list[Permission]:
    """All permissions, in the order they were defined, or those of one audience."""
    return [p for p in _catalogue.values() if audience is None or audience in p.audiences]


def codes(audience: Audience) -> frozenset[str]:
    """The codes of all permissions of one audience: what an Admin of such an account holds."""
    return frozenset(p.code for p in catalogue(audience))


def default_codes(audience: Audience) -> frozenset[str]:
    """Codes that come with any role (02-ROL-05)."""
    return frozenset(p.code for p in catalogue(audience) if p.default)


def with_companions(codes_held: frozenset[str]) -> frozenset[str]:
    """The codes, and those that come with one of them."""
    return codes_held | {p.code for p in _catalogue.values() if p.comes_with in codes_held}
