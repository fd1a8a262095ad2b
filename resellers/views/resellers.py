"""Reseller Management: the list, and what a distributor grants each reseller (06 §9.2.1.2, 9.2.1.3)."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import customers.queries.partners
from partner_center import clock
from partner_center.lists.views import PortalListView
from partner_center.paper import render_pdf
from partner_center.refusals import Refusal

from ..filters import ResellerFilterSet
from ..forms import BudgetGrantForm, ConsentForm
from ..models import ResellerAssociation
from ..permissions import GRANT_PERMISSIONS, MANAGE_RESELLERS, VIEW_RESELLERS
from ..queries import grants as grant_queries
from ..queries import letter
from ..queries import resellers as queries
from ..refusals import ConsentMissing
from ..services import grants
from ..tables import ResellerTable
from .base import PARTNERS, ResellerView


class ResellerListView(PortalListView):
    """Sales > Resellers > Reseller Management (06-RSL-01)."""

    permission = VIEW_RESELLERS
    audiences = PARTNERS
    title = gettext_lazy("Reseller Management")
    basis = gettext_lazy("Quotas are at list price, in USD.")
    list_name = "resellers"
    queryset = staticmethod(queries.list_resellers)
    filterset_class = ResellerFilterSet
    table_class = ResellerTable
    export_name = "resellers"
    export_permission = VIEW_RESELLERS
    template_name = "resellers/list.html"
    empty_title = gettext_lazy("No resellers yet")
    empty_text = gettext_lazy(
        "Invite a reseller by email. It stands here when it has accepted and was associated."
    )
    empty_icon = "building-community"
    empty_action = (gettext_lazy("Invite Reseller"), "resellers:invite")

    def get_extra_context(self) -> dict[str, Any]:
        """Whether Invite Reseller is offered."""
        return {"may_manage": self.actor.can(MANAGE_RESELLERS)}


class BudgetGrantView(ResellerView):
    """Set Account Freezing and Budget Setting Permissions (06-PRM-01 to PRM-05)."""

    title = gettext_lazy("Set Account Freezing and Budget Setting Permissions")
    template_name = "resellers/permissions.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The switch and the quotas as they are."""
        association = queries.get_reseller(self.actor, pk)
        grant = grant_queries.budget_grant_of(association.reseller_id)
        initial = {"authorize": grant is not None, "seen": grant_queries.seen_budget_grant(grant)}
        if grant:
            initial |= {
                "monthly_quota": grant.monthly_quota,
                "one_time_quota": grant.one_time_quota,
            }
        form = BudgetGrantForm(initial=initial)
        return self.show(form=form, **self._context(association))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Grant, change or withdraw; each asks for a code."""
        self.actor.require(GRANT_PERMISSIONS)
        association = queries.get_reseller(self.actor, pk)
        form = BudgetGrantForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422, **self._context(association))
        try:
            self._act(pk, form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context(association))
        words = _("Permissions of %(name)s withdrawn.")
        if form.cleaned_data["authorize"]:
            words = _("Permissions of %(name)s set.")
        return self.done(words % {"name": association.reseller.title})

    def _act(self, pk: int, data: dict[str, Any]) -> None:
        if not data["authorize"]:
            grants.withdraw_budget_grant(self.actor, pk, seen=data["seen"])
            return
        grants.set_budget_grant(
            self.actor,
            pk,
            monthly_quota=data["monthly_quota"],
            one_time_quota=data["one_time_quota"],
            seen=data["seen"],
        )

    def _context(self, association: ResellerAssociation) -> dict[str, Any]:
        return {
            "association": association,
            "reseller": association.reseller,
            "may_grant": self.actor.can(GRANT_PERMISSIONS),
            "grant": grant_queries.budget_grant_of(association.reseller_id),
            "customer_count": customers.queries.partners.customer_count_of(association.reseller_id),
            "crumbs": [(association.reseller.title, ""), (self.title, "")],
        }


class OnBehalfView(ResellerView):
    """The switch of on-behalf work: a dialog to grant it, or to withdraw it (06-OBH-01 to OBH-04)."""

    permission = GRANT_PERMISSIONS
    title = gettext_lazy("Permissions for Placing Order and Performing O&M on Customer's Behalf")
    template_name = "resellers/on_behalf.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dialog for the state the switch is in."""
        return self._show(queries.get_reseller(self.actor, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Grant or withdraw, as the button says."""
        association = queries.get_reseller(self.actor, pk)
        form = ConsentForm(request.POST)
        form.is_valid()
        try:
            self._refuse_without_consent(form)
            self._act(pk, form)
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context(association))
        words = _("%(name)s may work on the behalf of customers.")
        if request.POST.get("switch") == "off":
            words = _("%(name)s no longer works on the behalf of customers.")
        return self.done(words % {"name": association.reseller.title})

    def _refuse_without_consent(self, form: ConsentForm) -> None:
        """Ask for the tick before a code is sent: a code must not be spent on a missing tick."""
        if self.request.POST.get("switch") == "off" or form.cleaned_data.get("consent"):
            return
        if (
            letter.acceptance_of(self.actor.account_id, letter.letter_in_force(clock.now()).pk)
            is None
        ):
            raise ConsentMissing

    def _act(self, pk: int, form: ConsentForm) -> None:
        if self.request.POST.get("switch") == "off":
            grants.withdraw_on_behalf(self.actor, pk)
            return
        grants.grant_on_behalf(
            self.actor,
            pk,
            consented=form.cleaned_data.get("consent", False),
            version=form.cleaned_data.get("version", ""),
        )

    def _show(self, association: ResellerAssociation) -> HttpResponse:
        context = self._context(association)
        document = context["document"]
        form: Form = ConsentForm(initial={"version": document.version})
        return self.show(form=form, **context)

    def _context(self, association: ResellerAssociation) -> dict[str, Any]:
        document = letter.letter_in_force(clock.now())
        return {
            "association": association,
            "reseller": association.reseller,
            "document": document,
            "acceptance": letter.acceptance_of(association.account_id, document.pk),
            "danger": association.on_behalf,  # type: ignore[attr-defined]
        }


class LetterView(ResellerView):
    """The commitment letter in force, as PDF (06-OBH-07)."""

    title = gettext_lazy("Distributor Commitment Letter")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The letter, with who accepted it for this distributor."""
        actor = self.actor
        queries.require_distributor(actor)
        document = letter.letter_in_force(clock.now())
        pdf = render_pdf(
            "resellers/letter_pdf.html",
            {
                "title": document.title,
                "number": f"{document.code} {document.version}",
                "document": document,
                "acceptance": letter.acceptance_of(actor.account_id, document.pk),
                "account": request.user.account,  # type: ignore[union-attr]
            },
        )
        name = f"{document.code}-{document.version}.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )
