"""Small middleware of the kernel."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect


def client_ip(request: HttpRequest) -> str | None:
    """Address of the client; behind N trusted proxies the N-th entry from the right."""
    if proxies := settings.TRUSTED_PROXIES:
        chain = [
            p.strip() for p in request.headers.get("X-Forwarded-For", "").split(",") if p.strip()
        ]
        if len(chain) >= proxies:
            return chain[-proxies]
    return request.META.get("REMOTE_ADDR")


class RequestIdMiddleware:
    """Give every request an ID, sent back as X-Request-Id and written into the audit trail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("X-Request-Id", request.request_id)  # type: ignore[attr-defined]
        return response


class HtmxRedirectMiddleware:
    """Let the whole page go where a change sent by HTMX redirects, instead of swapping it in.

    Views answer ``redirect(…)`` after success and need not know how the form was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code not in (302, 303):
            return response
        if not request.htmx:  # type: ignore[attr-defined]
            return response
        moved = HttpResponseClientRedirect(response.headers["Location"])
        moved.cookies = response.cookies
        return moved
