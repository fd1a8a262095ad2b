"""The base of every page: who may enter, how refusals are shown.

A page declares ``permission`` (or ``public = True``): a route without either fails a house test.
The body of a view stays: authorize, bind a form, call one service or query, render.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.generic import View

from . import permissions
from .actors import Actor
from .code_page import actor_of, code_page
from .permissions import Audience
from .refusals import CodeRefusal, NotFound, NotPermitted, Refusal


class PortalRequest(HttpRequest):
    """What the middleware adds to a request; for the type checker."""

    actor: Actor
    request_id: str


class PortalView(View):
    """A page or action for signed-in users, or a public one.

    ``audiences`` narrows the page to kinds of accounts: for others it does not exist (404).
    """

    permission: ClassVar[str | None] = None
    public: ClassVar[bool] = False
    audiences: ClassVar[frozenset[Audience]] = frozenset(Audience)
    request: PortalRequest  # type: ignore[assignment]

    @property
    def actor(self) -> Actor:
        """Who acts, with the verification code that came with the request, if one did."""
        return actor_of(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.public:
            if getattr(request, "actor", None) is None:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            self._authorize()
        response = self._answer(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if not self.public:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def _authorize(self) -> None:
        if self.request.actor.audience not in self.audiences:
            raise NotFound
        if self.permission is None:
            raise NotImplementedError(f"{type(self).__name__} declares no permission")
        self.request.actor.require(self.permission)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except CodeRefusal as refusal:
            return code_page(self.request, refusal)


def add_refusal(form: BaseForm, refusal: Refusal) -> None:
    """Show a refusal in the form: beside its field when it has one, on top otherwise.

    A verification code that the form does not ask for itself is asked on the code page: such a
    refusal is raised again.
    """
    if isinstance(refusal, CodeRefusal) and refusal.field not in form.fields:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


#: Tag of the notice of a new export task: its toast leads to Export History.
EXPORT_TAG = "export"
EXPORT_CREATED = gettext_lazy("Export task created")


def tell_export(request: HttpRequest, words: str | Promise = EXPORT_CREATED) -> None:
    """Say that an export task was made, with the way to where its file will be (05-EXP-01, EXP-02)."""
    messages.success(request, str(words), extra_tags=EXPORT_TAG)


class RefusalMiddleware:
    """Turn refusals that no view caught into their page (403, 404, 409, 422), in plain words."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        template = {403: "403.html", 404: "404.html", 409: "409.html"}.get(
            exception.status, "422.html"
        )
        context = {"refusal": exception}
        if isinstance(exception, NotPermitted):
            context["permission"] = permissions.get(exception.permission)  # type: ignore[assignment]
        return render(request, template, context, status=exception.status)
