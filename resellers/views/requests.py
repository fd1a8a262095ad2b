"""The invited account's side, and a reseller's page of its distributor (01 §1.5.3.2, 07-RDF-01)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import clock
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.views import PortalView, add_refusal

from ..permissions import BECOME_RESELLER, VIEW_DISTRIBUTOR
from ..queries import invitations as queries
from ..queries import resellers
from ..refusals import LinkWithoutUse
from ..services import requesting
from .base import PARTNERS


class LandingView(PortalView):
    """Where the link of the e-mail leads (01-RSL-01 to RSL-03)."""

    public = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Dear user: who invites, and what can be done."""
        try:
            invitation = queries.invitation_of_link(token, clock.now())
        except LinkWithoutUse as refusal:
            return self._without_use(refusal)
        return self._show(token, invitation)

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Register first, or answer with the account that is signed in."""
        try:
            invitation = queries.invitation_of_link(token, clock.now())
            if self.request.actor is None:
                request.session[requesting.SESSION_KEY] = token
                return redirect("accounts:register")
            return self._act(token)
        except LinkWithoutUse as refusal:
            return self._without_use(refusal)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            form = Form(request.POST)
            form.is_valid()
            add_refusal(form, refusal)
            return self._show(token, invitation, status=422, form=form)

    def _act(self, token: str) -> HttpResponseBase:
        if self.request.POST.get("answer") == "ignore":
            invitation = requesting.ignore(self.actor, token)
            words = _("You ignored the invitation of %(name)s.")
            messages.success(self.request, words % {"name": invitation.account.title})
            return redirect("accounts:partners")
        requesting.accept(self.actor, token)
        if not queries.is_registered(self.actor.account_id):
            return redirect("accounts:continue")
        messages.success(self.request, _("Your association request was filed."))
        return redirect("resellers:request")

    def _show(
        self, token: str, invitation: Any, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        actor = self.request.actor
        address = reverse("resellers:invitation", args=[token])
        shown = {
            "invitation": invitation,
            "distributor": invitation.account,
            "sign_in_url": f"{reverse('accounts:sign-in')}?next={address}",
            "may_answer": bool(actor and actor.can(BECOME_RESELLER)),
            "is_registered": bool(actor and queries.is_registered(actor.account_id)),
        }
        return render(self.request, "resellers/landing.html", shown | context, status=status)

    def _without_use(self, refusal: LinkWithoutUse) -> HttpResponse:
        return render(
            self.request,
            "resellers/landing_over.html",
            {"refusal": refusal},
            status=refusal.status,
        )


class RequestView(PortalView):
    """The result of the own request: in progress, associated, or restricted (01-RSL-07)."""

    permission = BECOME_RESELLER
    audiences = frozenset({Audience.PARTNER, Audience.CUSTOMER})
    title = gettext_lazy("Association with a Distributor")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The state now; it asks again while the request is checked."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Try again."""
        wanted = request.POST.get("invitation", "")
        if not wanted.isdecimal():
            raise NotFound
        form = Form(request.POST)
        try:
            requesting.try_again(self.actor, int(wanted))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            form.is_valid()
            add_refusal(form, refusal)
            return self._show(form=form, status=422)
        messages.success(request, _("Your association request was filed."))
        return redirect("resellers:request")

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        found = queries.own_request(self.actor)
        template = "resellers/request.html"
        if self.request.htmx:  # type: ignore[attr-defined]
            template = "resellers/parts/request_state.html"
        shown = {"title": self.title, "found": found}
        return render(self.request, template, shown | context, status=status)


class MyDistributorView(PortalView):
    """Overview > My HUAWEI CLOUD Distributor, for resellers (07-RDF-01, 06-RSL-11)."""

    permission = VIEW_DISTRIBUTOR
    audiences = PARTNERS
    title = gettext_lazy("My HUAWEI CLOUD Distributor")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The distributor's company, and what it lets the reseller do."""
        context = {"title": self.title, "found": resellers.my_distributor(self.actor)}
        return render(request, "resellers/distributor.html", context)
