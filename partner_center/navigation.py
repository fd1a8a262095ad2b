"""Navigation as data: areas, entries, who may enter. Menus show only what exists.

Each app adds its entries in ``menu.py`` with :func:`add_area` and :func:`add_entry`; the frame asks
:func:`areas_for` and never knows an app. Order numbers leave room: the seed's menu order is
Home, Partner Programs, Sales, Benefits, Competencies, Solutions, Organization, Support.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise

from .actors import Actor
from .permissions import Audience


@dataclass(frozen=True)
class Entry:
    """One line of a side menu."""

    label: str | Promise
    url_name: str
    permission: str
    order: int = 100
    group: str | Promise = ""
    audiences: frozenset[Audience] = frozenset({Audience.PARTNER})
    #: Partner kinds that have the entry; empty means all.
    partner_kinds: frozenset[str] = frozenset()
    icon: str = ""
    #: What the operator must have granted the partner; empty: nothing.
    grant: str = ""

    @property
    def url(self) -> str:
        """Address of the page."""
        return reverse(self.url_name)

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may enter."""
        if actor.audience not in self.audiences:
            return False
        if self.partner_kinds and actor.partner_kind not in self.partner_kinds:
            return False
        if self.grant and self.grant not in actor.grants:
            return False
        return actor.can(self.permission)


@dataclass
class Area:
    """One word of the top bar, with its side menu. ``side_menu=False`` for Home."""

    key: str
    label: str | Promise
    order: int
    side_menu: bool = True
    #: False keeps the area out of the top bar (Message Center, account drop-down pages).
    in_top_bar: bool = True
    icon: str = ""
    entries: list[Entry] = field(default_factory=list)

    def entries_for(self, actor: Actor) -> list[Entry]:
        """The entries the actor may enter, in order."""
        return sorted((e for e in self.entries if e.open_to(actor)), key=lambda e: e.order)


_areas: dict[str, Area] = {}


def add_area(
    key: str,
    label: str | Promise,
    *,
    order: int,
    side_menu: bool = True,
    in_top_bar: bool = True,
    icon: str = "",
) -> Area:
    """Add an area, or return the one already there (two apps may share an area)."""
    return _areas.setdefault(
        key,
        Area(key, label, order, side_menu=side_menu, in_top_bar=in_top_bar, icon=icon),
    )


def add_entry(
    area: str,
    label: str | Promise,
    url_name: str,
    permission: str,
    *,
    order: int = 100,
    group: str | Promise = "",
    audiences: Iterable[Audience] = (Audience.PARTNER,),
    partner_kinds: Iterable[str] = (),
    icon: str = "",
    grant: str = "",
) -> None:
    """Add a side-menu entry to an area that was added before."""
    _areas[area].entries.append(
        Entry(
            label,
            url_name,
            permission,
            order,
            group,
            frozenset(audiences),
            frozenset(partner_kinds),
            icon,
            grant,
        )
    )


def areas_for(actor: Actor) -> list[tuple[Area, list[Entry]]]:
    """Areas that hold at least one entry the actor may enter, each with these entries."""
    found = (
        (area, area.entries_for(actor)) for area in sorted(_areas.values(), key=lambda a: a.order)
    )
    return [(area, entries) for area, entries in found if entries]


def area_entries(key: str, actor: Actor) -> list[Entry]:
    """The entries of one area that the actor may enter; empty for an unknown area."""
    return _areas[key].entries_for(actor) if key in _areas else []
