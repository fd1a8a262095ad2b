"""My Account > Real-Name Authentication, in the customer's portal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..permissions import APPLY, VIEW_OWN
from ..queries import applications as queries
from ..services import applying
from .base import ApplicationPage

AUDIENCES = frozenset({Audience.CUSTOMER})


class OwnView(PortalView):
    """State, data that were authenticated, and what was sent before."""

    permission = VIEW_OWN
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the page."""
        context = {
            "title": _("Real-Name Authentication"),
            "state": queries.own_state(self.actor),
            "may_manage": self.actor.can(APPLY),
            "apply_url": reverse("realname:apply"),
        }
        return render(request, "realname/own.html", context)


class OwnApplyView(ApplicationPage):
    """Apply for the own account."""

    permission = APPLY
    audiences = AUDIENCES

    def state(self) -> queries.State:
        """The own account's."""
        return queries.state_of(self.actor.account_id)

    def send(self, details: applying.Details, scans: Sequence[File]) -> None:
        """Apply."""
        applying.apply(self.actor, details=details, scans=scans)

    def back_url(self) -> str:
        """The own page."""
        return reverse("realname:own")

    def words(self) -> dict[str, Any]:
        """Where the page belongs."""
        return {"crumbs": [(_("Apply"), "")]}
