"""Lets a signed-in user of a partner act as a customer, as long as it is allowed to."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .services import on_behalf as services

#: Where the browser session keeps the running session on a customer's behalf.
SESSION_KEY = "on_behalf_session"


class OnBehalfMiddleware:
    """Put the actor on behalf in place of the partner's user (04-OBO-03).

    Every request asks again whether it may. When it may not, the session ends, nothing of the request
    is done, and the user is back in its own account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        session_id = request.session.get(SESSION_KEY) if actor else None
        if session_id is None:
            return self.get_response(request)
        acting = services.resume(actor, session_id)
        if acting is not None:
            request.actor = acting  # type: ignore[attr-defined]
            return self.get_response(request)
        del request.session[SESSION_KEY]
        if request.path == reverse("accounts:sign-out"):
            return self.get_response(request)
        return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Out of the customer's account, with the reason."""
    messages.warning(
        request,
        _(
            "You no longer act on the customer’s behalf: the authorization, your permission or the "
            "session has ended. The last request was not carried out."
        ),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(reverse("customers:list"))
    return redirect("customers:list")
