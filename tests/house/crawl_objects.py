"""What the tenant crawl needs to know: one object of Tidemark for every route with a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User

from .. import cast


@dataclass
class Scene:
    """The cast and the objects of Tidemark that the routes are asked for."""

    cast: cast.Cast


def build_scene(canary: str) -> Scene:
    """The cast, with ``canary`` in the name of everything that Tidemark owns."""
    players = cast.assemble()
    User.objects.filter(account=players.tidemark).update(name=f"{canary} person")
    return Scene(cast=players)


#: Route name → keyword arguments that name an object of Tidemark.
OBJECTS: dict[str, Callable[[Scene], dict[str, Any]]] = {}

#: Routes that do not stand on PortalView, each with the reason.
FOREIGN: dict[str, str] = {}
