"""What the frame of every page needs, for the actor of the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from . import clock, navigation
from .actors import Actor
from .navigation import Area, Entry
from .permissions import Audience

THEMES = {"light": "light", "dark": "dark", "system": "auto"}
#: Tabs of the phone's bottom bar: (word, icon, names of pages in order of choice).
BOTTOM_TABS = (
    ("Home", "home", ("home",)),
    ("Customers", "users", ("customers:list",)),
    ("Bills", "receipt", ("billing:bills", "orders:list")),
    ("Messages", "bell", ("notifications:messages",)),
)

_unread_counter: Callable[[Actor], int] | None = None
_pop_up: Callable[[HttpRequest], str] | None = None


def use_unread_counter(counter: Callable[[Actor], int]) -> None:
    """Set what counts the actor's unread messages; called once at start by a higher floor."""
    global _unread_counter
    _unread_counter = counter


def use_pop_up(address: Callable[[HttpRequest], str]) -> None:
    """Set what names the dialog that opens by itself on a page; called once at start."""
    global _pop_up
    _pop_up = address


@dataclass(frozen=True)
class Group:
    """One foldable group of a side menu; an empty label means no group."""

    label: str
    entries: list[Entry]
    open: bool


@dataclass(frozen=True)
class Cycle:
    """The cycle box at the foot of the side menu, in GMT+08:00."""

    name: str
    day: int
    days: int
    moment: Any


@dataclass(frozen=True)
class Behalf:
    """What the bar over a customer's pages says while a partner's user acts there (08-AUT-12)."""

    name: str
    partner: str
    leave_url: str


class Frame:
    """Navigation, theme and counts of one request. Everything is worked out when first asked."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Actor | None = getattr(request, "actor", None)
        self.name = settings.PORTAL_NAME
        self.demo = settings.DEMO_MODE

    @property
    def kind(self) -> str:
        """Which frame is drawn: partner, customer or operator."""
        return str(self.actor.audience) if self.actor else str(Audience.PARTNER)

    @property
    def account_title(self) -> str:
        """The account's full name, else its account name."""
        if self.behalf:
            return self.behalf.name
        return self._request.user.account.title if self.actor else ""  # type: ignore[union-attr]

    @cached_property
    def behalf(self) -> Behalf | None:
        """As whom somebody acts on a customer's behalf, and where Switch Role leads."""
        if self.actor is None or self.actor.on_behalf is None:
            return None
        found = self.actor.on_behalf
        return Behalf(found.customer_title, found.partner_name, _address("on_behalf:leave"))

    @property
    def home_url(self) -> str:
        """Where the brand leads: home, or the first page of the work on a customer's behalf."""
        return _address("on_behalf:start" if self.behalf else "home")

    @cached_property
    def theme(self) -> str:
        """The stored choice: light, dark or system."""
        stored = getattr(getattr(self._request, "user", None), "theme", "") or "system"
        return stored if stored in THEMES else "system"

    @property
    def theme_attribute(self) -> str:
        """Value of data-bs-theme on the root element."""
        return THEMES[self.theme]

    @cached_property
    def areas(self) -> list[tuple[Area, list[Entry]]]:
        """Areas of the top bar with the entries that the actor may enter."""
        if not self.actor:
            return []
        return [
            (area, entries) for area, entries in navigation.areas_for(self.actor) if area.in_top_bar
        ]

    @cached_property
    def _current(self) -> tuple[Area | None, list[Entry], Entry | None]:
        if not self.actor:
            return None, [], None
        match = self._request.resolver_match
        view_name = match.view_name if match else ""
        best: tuple[int, Area, list[Entry], Entry] | None = None
        for area, entries in navigation.areas_for(self.actor):
            for entry in entries:
                length = _fit(entry, view_name, self._request.path)
                if length and (best is None or length > best[0]):
                    best = (length, area, entries, entry)
        return best[1:] if best else (None, [], None)

    @property
    def area(self) -> Area | None:
        """The area the page belongs to."""
        return self._current[0]

    @property
    def entry(self) -> Entry | None:
        """The menu entry the page belongs to."""
        return self._current[2]

    @cached_property
    def groups(self) -> list[Group]:
        """The side menu of the current area, in groups."""
        area, entries, current = self._current
        if not area or not area.side_menu:
            return []
        closed = unquote(self._request.COOKIES.get("pc_menu_closed", "")).split("|")
        found = []
        for label, members in groupby(entries, key=lambda entry: str(entry.group)):
            listed = list(members)
            found.append(Group(label, listed, current in listed or label not in closed))
        return found

    @cached_property
    def account_entries(self) -> list[Entry]:
        """Entries of the account drop-down menu: those of the area ``account``."""
        return navigation.area_entries("account", self.actor) if self.actor else []

    @property
    def rail(self) -> bool:
        """Whether the user folded the side menu."""
        return self._request.COOKIES.get("pc_rail") == "1"

    @cached_property
    def cycle(self) -> Cycle:
        """The running billing cycle."""
        moment = clock.now()
        cycle = clock.BillingCycle.of(moment)
        return Cycle(str(cycle), clock.business_date(moment).day, cycle.days, moment)

    @cached_property
    def unread(self) -> int:
        """Unread messages of the actor."""
        if self.actor is None or self.behalf or _unread_counter is None:
            return 0
        return _unread_counter(self.actor)

    @cached_property
    def pop_up(self) -> str:
        """Address of the dialog that opens by itself on this page; empty for none."""
        return _pop_up(self._request) if self.actor and _pop_up and not self.behalf else ""

    @cached_property
    def bottom_tabs(self) -> list[tuple[str, str, str, bool]]:
        """Tabs of the phone's bottom bar that lead somewhere: word, icon, address, current."""
        if self.behalf:
            return []
        open_names = {e.url_name for _, entries in self.areas for e in entries}
        found = []
        for word, icon, names in BOTTOM_TABS:
            for name in names:
                address = _address(name)
                if address and (name in open_names or name in ("home", "notifications:messages")):
                    found.append((word, icon, address, self._request.path == address))
                    break
        return found


def _fit(entry: Entry, view_name: str, path: str) -> int:
    """How well a page fits an entry: the length of the shared address, 0 for not at all."""
    if entry.url_name == view_name:
        return 10_000
    address = _address(entry.url_name)
    if not address or address == "/":
        return 0
    return len(address) if path == address or path.startswith(address.rstrip("/") + "/") else 0


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of the page, the portal's name and who acts."""
    frame = Frame(request)
    return {
        "portal": frame,
        "portal_name": frame.name,
        "actor": frame.actor,
        "on_behalf": frame.behalf,
    }
