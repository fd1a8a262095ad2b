"""Pages of the customers app."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..permissions import VIEW_PARTNER
from ..queries import associations as queries
from ..queries import instructions


class MyPartnerView(PortalView):
    """My Account > My Partner, in the customer's portal (02-CON-03, CON-04, CON-06)."""

    permission = VIEW_PARTNER
    audiences = frozenset({Audience.CUSTOMER})

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the partner and whom to ask there."""
        context = {
            "title": _("My Partner"),
            "found": queries.my_partner(self.actor),
            "unsigned": instructions.unsigned(self.actor),
        }
        return render(request, "customers/my_partner.html", context)
