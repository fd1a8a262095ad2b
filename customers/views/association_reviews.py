"""A partner asks the operator to associate a customer (08-CSA-16)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import AssociationModel
from ..forms.landing import TicketForm
from ..permissions import MANAGE_DEVELOPMENT
from ..queries import association_reviews as queries
from ..services import association_reviews as services


class TicketView(PortalView):
    """Submit a ticket for association by the operator; nothing is frozen unless it says so."""

    permission = MANAGE_DEVELOPMENT
    audiences = frozenset({Audience.PARTNER})

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; the address may name the customer (``?account_name=``)."""
        initial = {"account_name": request.GET.get("account_name", "")}
        return self._show(TicketForm(initial=initial, may_refer=queries.may_refer(self.actor)))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send it to the operator's queue."""
        form = TicketForm(request.POST, may_refer=queries.may_refer(self.actor))
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            services.request_by_partner(
                self.actor,
                account_name=form.cleaned_data["account_name"],
                model=AssociationModel(form.cleaned_data.get("model") or AssociationModel.RESELLER),
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=422)
        messages.success(request, _("Ticket submitted. You are told what the operator decides."))
        return redirect("invitations:history")

    def _show(self, form: TicketForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Submit Ticket for Association"),
            "form": form,
            "submit_label": _("Submit"),
            "cancel_url": reverse("invitations:history"),
        }
        return render(self.request, "customers/reviews/create.html", context, status=status)
