"""Place Order, and O&M, on Customers' Behalf: the dialogs, Select Products, Switch Role."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.views import PortalView

from ..choices import SessionPurpose
from ..middleware import SESSION_KEY
from ..permissions import ACT_ON_BEHALF, BUY
from ..queries import on_behalf as queries
from ..services import on_behalf as services

#: The pages of the customer's console that the two purposes begin on.
START: dict[str, str] = {
    SessionPurpose.ORDER: "on_behalf:products",
    SessionPurpose.OPERATE: "console:resources",
}


class BeginView(PortalView):
    """The dialog before a session (04-OBO-02, OAM-01)."""

    permission = ACT_ON_BEHALF
    audiences = frozenset({Audience.PARTNER})
    purpose: ClassVar[SessionPurpose]
    title: ClassVar[str | Promise]

    def get(self, request: HttpRequest, association_id: int) -> HttpResponse:
        """What is about to happen, or what is missing."""
        return self._page(association_id)

    def post(self, request: HttpRequest, association_id: int) -> HttpResponseBase:
        """Switch to the customer."""
        try:
            session = services.begin(self.actor, association_id, purpose=self.purpose)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            return self._page(association_id, refusal=refusal, status=422)
        request.session[SESSION_KEY] = session.pk
        return redirect(START[self.purpose])

    def _page(
        self, association_id: int, refusal: Refusal | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": self.title,
            "found": queries.beginnable(self.actor, association_id),
            "is_order": self.purpose == SessionPurpose.ORDER,
            "refusal": refusal,
            "cancel_url": reverse("customers:details", args=[association_id]),
        }
        return render(self.request, "orders/on_behalf/begin.html", context, status=status)


class PlaceOrderView(BeginView):
    """More > Place Order on Customers' Behalf."""

    purpose = SessionPurpose.ORDER
    title = gettext_lazy("Place Order on Customers’ Behalf")


class OperateView(BeginView):
    """More > Perform O&M Operations on Customers' Behalf."""

    purpose = SessionPurpose.OPERATE
    title = gettext_lazy("Perform O&M Operations on Customers’ Behalf")


class StartView(PortalView):
    """Where the brand leads during a session: the page that its purpose begins on."""

    permission = BUY
    audiences = frozenset({Audience.CUSTOMER})

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Go there."""
        if (found := self.actor.on_behalf) is None:
            raise NotFound
        return redirect(START[found.purpose])


class SelectProductsView(PortalView):
    """What may be ordered on the customer's behalf (04-OBO-02, OBO-06; 07-RORD-02)."""

    permission = BUY
    audiences = frozenset({Audience.CUSTOMER})

    def get(self, request: HttpRequest) -> HttpResponse:
        """The services; only during a session."""
        services_ = queries.orderable(self.actor)
        behalf = self.actor.on_behalf
        context: dict[str, Any] = {
            "title": _("Select Products"),
            "services": services_,
            # A reseller goes no further than these (07-RORD-03).
            "is_reseller": behalf is not None and behalf.partner_kind == PartnerKind.RESELLER,
            "crumbs": [(_("Select Products"), "")],
        }
        return render(request, "orders/on_behalf/products.html", context)


class LeaveView(PortalView):
    """Switch Role: back to the partner's account (04-OBO-03)."""

    permission = BUY
    audiences = frozenset({Audience.CUSTOMER})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """End the session."""
        behalf = self.actor.on_behalf
        if behalf is None:
            raise NotFound
        services.leave(self.actor)
        request.session.pop(SESSION_KEY, None)
        messages.success(
            request,
            _("You no longer act on behalf of %(customer)s.") % {"customer": behalf.customer_title},
        )
        return redirect("customers:list")
