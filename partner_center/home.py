"""What stands on the home pages: each app adds its figures and to-dos in its ``home.py``.

A figure is a link, a to-do names what to do and where. What the actor may not open is not shown, and
a provider asks at most one query, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from .actors import Actor
from .permissions import Audience


@dataclass(frozen=True)
class Link:
    """The address of a page and the permission that opens it."""

    url_name: str
    permission: str
    query: str = ""

    @property
    def url(self) -> str:
        """The address; empty when this installation has no such page."""
        try:
            return reverse(self.url_name) + self.query
        except NoReverseMatch:
            return ""

    def open_to(self, actor: Actor) -> bool:
        """Whether the page exists and the actor may enter it."""
        return actor.can(self.permission) and bool(self.url)


@dataclass(frozen=True)
class Figure:
    """A number that leads to the rows it counts. ``bad`` figures need a hand."""

    label: str | Promise
    value: str | int
    link: Link
    basis: str | Promise = ""
    bad: bool = False


@dataclass(frozen=True)
class Action:
    """A button of a card: what to do about its figures."""

    verb: str | Promise
    link: Link


@dataclass(frozen=True)
class Card:
    """Figures that belong together."""

    title: str | Promise
    figures: list[Figure]
    basis: str | Promise = ""
    #: Two thirds of the page's width instead of one.
    wide: bool = False
    actions: list[Action] = field(default_factory=list)
    #: Stands before what waits for the actor, on a phone as well: money that is due.
    leads: bool = False


@dataclass(frozen=True)
class Todo:
    """Something that waits for the actor."""

    words: str | Promise
    link: Link
    verb: str | Promise
    detail: str | Promise = ""
    icon: str = "circle-dot"


CardProvider = Callable[[Actor], Card]
TodoProvider = Callable[[Actor], Iterable[Todo]]


@dataclass
class _Providers:
    cards: list[tuple[int, CardProvider]] = field(default_factory=list)
    todos: list[TodoProvider] = field(default_factory=list)


_providers: dict[Audience, _Providers] = {audience: _Providers() for audience in Audience}


def add_card(provider: CardProvider, *audiences: Audience, order: int = 100) -> None:
    """Add a card of figures to the home pages of these audiences."""
    for audience in audiences:
        _providers[audience].cards.append((order, provider))


def add_todos(provider: TodoProvider, *audiences: Audience) -> None:
    """Add to-dos to the home pages of these audiences."""
    for audience in audiences:
        _providers[audience].todos.append(provider)


def cards_for(actor: Actor) -> list[Card]:
    """Cards with at least one figure that the actor may open, in order."""
    providers = sorted(_providers[actor.audience].cards, key=lambda entry: entry[0])
    cards = (provider(actor) for _order, provider in providers)
    found = (
        replace(
            card,
            figures=[f for f in card.figures if f.link.open_to(actor)],
            actions=[a for a in card.actions if a.link.open_to(actor)],
        )
        for card in cards
    )
    return [card for card in found if card.figures]


def todos_for(actor: Actor) -> list[Todo]:
    """Everything that waits for the actor and that it may do."""
    return [
        todo
        for provider in _providers[actor.audience].todos
        for todo in provider(actor)
        if todo.link.open_to(actor)
    ]
