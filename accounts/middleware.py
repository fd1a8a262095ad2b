"""Puts the actor on the request; keeps members with a given password before its change."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

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


class FirstPasswordMiddleware:
    """A member whose administrator gave out its password sees no page before changing it.

    (02-LGN-03.) Signing out stays possible.
    """

    open_pages = ("accounts:first-password", "accounts:sign-out")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not self._is_open(request):
            return redirect("accounts:first-password")
        return self.get_response(request)

    def _is_open(self, request: HttpRequest) -> bool:
        if request.path.startswith(settings.STATIC_URL):
            return True
        return request.path in [reverse(name) for name in self.open_pages]
