"""Puts the actor on the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from partner_center.actors import Door
from partner_center.middleware import client_ip

from .queries import actors


class ActorMiddleware:
    """Set ``request.actor``: an Actor for a signed-in user, None otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            door = Door.ADMIN if request.path.startswith("/admin/") else Door.PAGE
            request.actor = actors.actor_for(  # type: ignore[attr-defined]
                request.user,  # type: ignore[arg-type]
                door=door,
                ip=client_ip(request),
                request_id=request.request_id,  # type: ignore[attr-defined]
            )
        return self.get_response(request)
