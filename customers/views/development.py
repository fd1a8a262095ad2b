"""What the pages of Customer Development share: for whom they are, what a distributor needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.views import PortalView

from ..permissions import VIEW_DEVELOPMENT
from ..queries import development
from ..refusals.invitations import DevelopmentOff

#: Keys that one request may name.
MOST_KEYS = 5000


class DevelopmentPage(PortalView):
    """A page of partners. A distributor without the permission reads whom to ask (06-DPR-01)."""

    permission = VIEW_DEVELOPMENT
    audiences = frozenset({Audience.PARTNER})

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if development.may_develop(self.actor):
            return super()._answer(request, *args, **kwargs)
        return self._unavailable(request)

    def _unavailable(self, request: HttpRequest) -> HttpResponse:
        refusal = DevelopmentOff()
        context = {"title": _("Customer Development"), "refusal": refusal}
        return render(
            request, "customers/development/unavailable.html", context, status=refusal.status
        )


def chosen_keys(values: list[str]) -> list[int]:
    """The keys in ``ids`` of a request. Raises NotFound for anything that is no key."""
    if not all(value.isdecimal() and len(value) < 19 for value in values[:MOST_KEYS]):
        raise NotFound
    return [int(value) for value in values[:MOST_KEYS]]
