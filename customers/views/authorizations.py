"""Authorization of on-behalf work: asked in Customer Management, answered on My Partner."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import audit.queries
from partner_center import paper
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import AuthorizationStatus
from ..filters.authorizations import AuthorizationFilterSet
from ..forms.authorizations import AuthorizeForm, CommitmentForm, RevokeForm
from ..models import OnBehalfAuthorization
from ..permissions import MANAGE_PARTNER, REQUEST_AUTHORIZATION, VIEW_PARTNER
from ..queries import authorizations as queries
from ..refusals.authorizations import AlreadyAnswered, NotInForce
from ..services import authorizations as services
from ..tables.authorizations import AuthorizationTable
from .partner import partner_tabs

OF_CUSTOMERS = frozenset({Audience.CUSTOMER})


class RequestView(PortalView):
    """Request Authorization, or Authorization Obtained (04-ATH-01 to ATH-04, 06-DCU-09)."""

    permission = REQUEST_AUTHORIZATION
    audiences = frozenset({Audience.PARTNER})

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How things stand; the letter the first time."""
        return self._show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the request."""
        form = CommitmentForm(request.POST)
        form.is_valid()
        try:
            services.request(self.actor, pk, agreed_version=form.agreed_version)
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            add_refusal(form, refusal)
            return self._show(pk, form, status=422)
        messages.success(
            request,
            _(
                "The authorization request has been sent to the customer. The customer can manage it "
                "on the My Account > My Partner page."
            ),
        )
        return redirect("customers:details", association_id=pk)

    def _show(
        self, pk: int, form: CommitmentForm | None = None, *, status: int = 200
    ) -> HttpResponse:
        found = queries.requestable(self.actor, pk)
        version = found.letter.version if found.letter else ""
        context = {
            "title": _("Authorization Obtained")
            if found.is_obtained
            else _("Request Authorization"),
            "found": found,
            "form": form or CommitmentForm(initial={"version": version}),
            "cancel_url": reverse("customers:details", args=[pk]),
            "wide": bool(found.letter),
        }
        return render(self.request, "customers/authorizations/request.html", context, status=status)


class AuthorizationListView(PortalListView):
    """Tab Authorization Management of My Partner (08-AUT-02, AUT-03)."""

    permission = VIEW_PARTNER
    audiences = OF_CUSTOMERS
    title = gettext_lazy("My Partner")
    list_name = "authorizations"
    queryset = staticmethod(queries.list_of_customer)
    filterset_class = AuthorizationFilterSet
    table_class = AuthorizationTable
    template_name = "customers/authorizations/list.html"
    empty_title = gettext_lazy("No authorization requests yet")
    empty_text = gettext_lazy(
        "When your partner asks to place orders or operate resources for you, you decide here."
    )
    empty_icon = "key"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of My Partner, and whether traces would show what the partner does."""
        return {
            "sections": partner_tabs("authorizations:list"),
            "advises_traces": queries.has_accepted(self.actor)
            and not audit.queries.tracing_enabled(self.actor),
        }


class ProcessView(PortalView):
    """Authorize Partner to Place Orders for Me: Agree or Reject (08-AUT-04 to AUT-08)."""

    permission = MANAGE_PARTNER
    audiences = OF_CUSTOMERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The scope of the authorization, its letter, and both buttons."""
        return self._show(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Agree, after the tick and with a code, or reject."""
        self._found(pk)
        form = AuthorizeForm(request.POST)
        if not form.is_valid():
            return self._show(pk, form, status=422)
        try:
            if form.rejects:
                services.reject(self.actor, pk)
                messages.success(request, _("You have rejected the request of the partner."))
            else:
                services.agree(self.actor, pk, agreed_version=form.agreed_version)
                messages.success(request, _("You have authorized the partner."))
        except Refusal as refusal:
            if refusal.status in (404, 409):
                raise
            add_refusal(form, refusal)
            return self._show(pk, form, status=422)
        return redirect("authorizations:list")

    def _show(
        self, pk: int, form: AuthorizeForm | None = None, *, status: int = 200
    ) -> HttpResponse:
        letter = queries.customer_letter()
        title = _("Authorize Partner to Place Orders for Me")
        context = {
            "title": title,
            "found": self._found(pk),
            "letter": letter,
            "form": form or AuthorizeForm(initial={"version": letter.version}),
            "cancel_url": reverse("authorizations:list"),
            "crumbs": [
                (_("Authorization Management"), reverse("authorizations:list")),
                (title, ""),
            ],
        }
        return render(self.request, "customers/authorizations/process.html", context, status=status)

    def _found(self, pk: int) -> OnBehalfAuthorization:
        """The request, before a code is asked for it. Raises AlreadyAnswered, NotFound."""
        found = queries.get_of_customer(self.actor, pk)
        if found.status != AuthorizationStatus.PENDING:
            raise AlreadyAnswered
        return found


class RevokeView(PortalView):
    """Revoke: a cause, a code, and no way back (08-AUT-10)."""

    permission = MANAGE_PARTNER
    audiences = OF_CUSTOMERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the cause."""
        return self._show(pk, RevokeForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Revoke the authorization."""
        self._found(pk)
        form = RevokeForm(request.POST)
        if not form.is_valid():
            return self._show(pk, form, status=422)
        try:
            services.revoke(self.actor, pk, cause=form.cleaned_data["cause"])
        except Refusal as refusal:
            if refusal.status in (404, 409):
                raise
            add_refusal(form, refusal)
            return self._show(pk, form, status=422)
        messages.success(request, _("The authorization has been revoked."))
        return redirect("authorizations:list")

    def _show(self, pk: int, form: RevokeForm, *, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Are you sure you want to cancel the authorization granted to the partner?"),
            "found": self._found(pk),
            "form": form,
            "cancel_url": reverse("authorizations:list"),
        }
        return render(self.request, "customers/authorizations/revoke.html", context, status=status)

    def _found(self, pk: int) -> OnBehalfAuthorization:
        """The authorization, before a code is asked for it. Raises NotInForce, NotFound."""
        found = queries.get_of_customer(self.actor, pk)
        if found.status != AuthorizationStatus.ACCEPTED:
            raise NotInForce
        return found


class LetterView(PortalView):
    """View Letter of Authorization: the version that was signed (08-AUT-09)."""

    permission = VIEW_PARTNER
    audiences = OF_CUSTOMERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text, who signed it and when."""
        title = _("Letter of Authorization")
        context = {
            "title": title,
            "letter": queries.signed_letter(self.actor, pk),
            "crumbs": [
                (_("Authorization Management"), reverse("authorizations:list")),
                (title, ""),
            ],
        }
        return render(request, "customers/authorizations/letter.html", context)


class LetterPaperView(LetterView):
    """The Letter of Authorization on paper."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter as a PDF."""
        letter = queries.signed_letter(self.actor, pk)
        context = {"title": letter.document.title, "number": letter.number, "letter": letter}
        pdf = paper.render_pdf("customers/authorizations/letter_paper.html", context)
        name = {"Content-Disposition": f'inline; filename="{letter.number}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=name)
