"""Real-name authentication of one customer, by its partner (reached from Customer Details)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

import customers.queries.real_name as queries
from customers.permissions import VERIFY_CUSTOMERS
from customers.services import real_name as services
from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..queries.applications import State
from ..services.applying import Details
from .base import ApplicationPage

AUDIENCES = frozenset({Audience.PARTNER})


class CustomerView(PortalView):
    """Where the customer stands, and what was sent for it. POST shows names in full, on record."""

    permission = VERIFY_CUSTOMERS
    audiences = AUDIENCES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        return self._page(queries.get_customer(self.actor, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the names in full, once."""
        return self._page(services.reveal_names(self.actor, pk), shown=True)

    def _page(self, found: queries.CustomerState, *, shown: bool = False) -> HttpResponse:
        context = {
            "title": _("Real-Name Authentication"),
            "customer": found.customer,
            "name": found.name,
            "shown": shown,
            "state": found.state,
            "apply_url": reverse("realname:customer-apply", args=[found.association.pk]),
            "crumbs": _crumbs(found),
        }
        return render(self.request, "realname/customer.html", context)


class CustomerApplyView(ApplicationPage):
    """Apply for the customer."""

    permission = VERIFY_CUSTOMERS
    audiences = AUDIENCES

    def state(self) -> State:
        """The customer's."""
        self.found = queries.get_customer(self.actor, self.kwargs["pk"])
        return self.found.state

    def send(self, details: Details, scans: Sequence[File]) -> None:
        """Apply."""
        services.apply(self.actor, self.kwargs["pk"], details=details, scans=scans)

    def back_url(self) -> str:
        """The customer's page."""
        return reverse("realname:customer", args=[self.kwargs["pk"]])

    def words(self) -> dict[str, Any]:
        """For whom, and where the page belongs."""
        crumbs = _crumbs(self.found, self.back_url())
        return {"customer": self.found.customer, "crumbs": [*crumbs, (_("Apply"), "")]}


def _crumbs(found: queries.CustomerState, url: str = "") -> list[tuple[str, str]]:
    details = reverse("customers:details", args=[found.association.pk])
    return [(found.customer.name, details), (_("Real-Name Authentication"), url)]
