"""Sales > Financial Information > Partner Bills (05 §8.4.1.4, 06 §9.2.4.1.3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..permissions import VIEW_BILLS
from ..queries import bills as queries

AUDIENCES = frozenset({Audience.PARTNER})


class BillsView(PortalView):
    """The tab Bills: one month, as issued or as estimated."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the month that was asked for, else the running one."""
        month = queries.month_of(self.actor, _cycle(request))
        context = {"title": _("Partner Bills"), "month": month}
        return render(request, "billing/bills/month.html", context)


def _cycle(request: HttpRequest) -> str:
    try:
        return str(BillingCycle.parse(request.GET.get("cycle", "")))
    except ValueError:
        return str(BillingCycle.of(clock.now()))
