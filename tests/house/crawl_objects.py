"""What the tenant crawl needs to know: one object of Tidemark for every route with a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from exports.models import ExportTask
from partner_center import clock

from .. import cast


@dataclass
class Scene:
    """The cast and the objects of Tidemark that the routes are asked for."""

    cast: cast.Cast
    export: ExportTask


def build_scene(canary: str) -> Scene:
    """The cast, with ``canary`` in the name of everything that Tidemark owns."""
    players = cast.assemble()
    User.objects.filter(account=players.tidemark).update(name=f"{canary} person")
    return Scene(cast=players, export=_export(players, canary))


def _export(players: cast.Cast, canary: str) -> ExportTask:
    moment = clock.now()
    return ExportTask.objects.create(
        account=players.tidemark,
        uid="0" * 32,
        exporter="members",
        title=f"{canary} members",
        file_format="csv",
        created_by=players.mara,
        created_at=moment,
        touched_at=moment,
    )


#: Route name → keyword arguments that name an object of Tidemark.
OBJECTS: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "exports:download": lambda scene: {"uid": scene.export.uid},
    "exports:cancel": lambda scene: {"uid": scene.export.uid},
    "exports:repeat": lambda scene: {"uid": scene.export.uid},
}

#: Routes that do not stand on PortalView, each with the reason.
FOREIGN: dict[str, str] = {
    "healthz": "for load balancers: answers everybody, shows no tenant",
    "readyz": "for load balancers: answers everybody, shows no tenant",
}
