"""Help of Customer Management about authorizations (04-CUS-06, 07-RCUS-04)."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..permissions import VIEW_CUSTOMERS


class RequestingHelpView(PortalView):
    """What the partner does to be authorized."""

    permission = VIEW_CUSTOMERS
    audiences = frozenset({Audience.PARTNER})
    title: ClassVar[str | Promise] = gettext_lazy(
        "How Can I Request Authorization from My Customers?"
    )
    template_name: ClassVar[str] = "customers/help/request_authorization.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the page."""
        context = {
            "title": self.title,
            "is_reseller": self.actor.partner_kind == PartnerKind.RESELLER,
            "cancel_url": reverse("customers:list"),
            "wide": True,
        }
        return render(request, self.template_name, context)


class ManagingHelpView(RequestingHelpView):
    """What the customer does with the request, and later."""

    title = gettext_lazy("How My Customers Manage the Authorization?")
    template_name = "customers/help/manage_authorization.html"
