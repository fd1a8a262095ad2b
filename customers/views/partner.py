"""Pages of the customers app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..permissions import VIEW_PARTNER
from ..queries import associations as queries

_TABS = (
    ("my_partner:page", gettext_lazy("Partner Information")),
    ("authorizations:list", gettext_lazy("Authorization Management")),
    ("instructions:agreements", gettext_lazy("Agreements")),
    ("my_partner:log", gettext_lazy("Operation Log")),
)


def partner_tabs(current: str) -> list[dict[str, Any]]:
    """The tabs of My Partner; ``current`` is the name of the shown one's address."""
    found = []
    for name, label in _TABS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"label": label, "url": url, "current": name == current, "count": None})
    return found


class MyPartnerView(PortalView):
    """My Account > My Partner, in the customer's portal (02-CON-03, CON-04, CON-06)."""

    permission = VIEW_PARTNER
    audiences = frozenset({Audience.CUSTOMER})

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the partner and whom to ask there."""
        context = {
            "title": _("My Partner"),
            "sections": partner_tabs("my_partner:page"),
            "found": queries.my_partner(self.actor),
        }
        return render(request, "customers/my_partner.html", context)
