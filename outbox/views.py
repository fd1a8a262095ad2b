"""The Outbox page of the demo."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partner_center.views import PortalView

from . import queries

PAGE = 20


class DemoOutboxView(PortalView):
    """Every e-mail and SMS that the demo would have sent. In a real installation it does not exist."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, or its list for HTMX."""
        search = request.GET.get("q", "").replace("\0", "").strip()[:100]
        deliveries = queries.list_demo_deliveries(search)
        context = {
            "title": _("Outbox"),
            "search": search,
            "page": Paginator(deliveries, PAGE).get_page(request.GET.get("page")),
        }
        htmx = request.htmx  # type: ignore[attr-defined]
        part = htmx and not htmx.history_restore_request
        name = "outbox/parts/demo_list.html" if part else "outbox/demo.html"
        return render(request, name, context)
