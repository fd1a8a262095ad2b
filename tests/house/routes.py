"""Every route of the portal, found by walking the URL configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from partner_center.views import PortalView


@dataclass(frozen=True)
class Route:
    """One URL pattern: its full name, the names of its parameters, and what answers."""

    name: str
    parameters: tuple[str, ...]
    callback: Callable[..., Any]
    pattern: str

    @property
    def view_class(self) -> type | None:
        """The class behind a class-based view; None for functions."""
        return getattr(self.callback, "view_class", None) or getattr(self.callback, "cls", None)

    @property
    def is_page(self) -> bool:
        """Whether it stands on the house's own base view."""
        return self.view_class is not None and issubclass(self.view_class, PortalView)

    @property
    def is_api(self) -> bool:
        """Whether it belongs to the API door."""
        return self.callback.__module__.startswith("bss_api") or (
            self.view_class is not None and self.view_class.__module__.startswith("bss_api")
        )

    @property
    def is_admin(self) -> bool:
        """Whether it belongs to the operator's admin."""
        return self.pattern.startswith("admin/")

    def __str__(self) -> str:
        return self.name or self.pattern


def walk() -> Iterator[Route]:
    """All routes, each once."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(
                f"{namespace}{entry.name}" if entry.name else "",
                tuple(entry.pattern.regex.groupindex)
                if not hasattr(entry.pattern, "converters")
                else tuple(entry.pattern.converters),
                entry.callback,
                pattern,
            )


def pages() -> list[Route]:
    """Routes of the portal's own pages."""
    return [r for r in walk() if r.is_page]
