"""My Account > My Partner: the customer's partner, leaving it, what happened (08 §10.2)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.actors import Actor
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.views import PortalView, add_refusal

from ..choices import Side
from ..filters.records import OperationLogFilterSet
from ..forms.disassociation import LeaveForm, ProcessForm
from ..permissions import MANAGE_PARTNER, VIEW_PARTNER
from ..queries import associations, instructions, records
from ..queries import disassociation as checks
from ..refusals import CheckFailed
from ..services import disassociation as services
from ..tables.records import OperationLogTable

AUDIENCES = frozenset({Audience.CUSTOMER})
_TABS = (
    ("my_partner:page", gettext_lazy("Partner Information")),
    ("authorizations:list", gettext_lazy("Authorization Management")),
    ("instructions:agreements", gettext_lazy("Agreements")),
    ("my_partner:log", gettext_lazy("Operation Log")),
)


def partner_tabs(current: str) -> list[dict[str, Any]]:
    """The tabs of My Partner; ``current`` is the name of the shown one's address."""
    return [
        {"label": label, "url": reverse(name), "current": name == current, "count": None}
        for name, label in _TABS
    ]


def notices(actor: Actor) -> dict[str, Any]:
    """Context of the notices on top: a request that waits, and whose turn it is."""
    waiting = records.waiting_for(actor)
    return {
        "waiting": waiting,
        "is_asked": bool(waiting) and waiting.initiator == Side.PARTNER,
        "may_manage": actor.can(MANAGE_PARTNER),
        "unsigned": instructions.unsigned(actor),
    }


class MyPartnerView(PortalView):
    """Tab Partner Information (02-CON-03, CON-04, CON-06; 08-CSD-01, CSD-14, CSD-18)."""

    permission = VIEW_PARTNER
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the partner and whom to ask there."""
        context = {
            "title": _("My Partner"),
            "sections": partner_tabs("my_partner:page"),
            "found": associations.my_partner(self.actor),
            **notices(self.actor),
        }
        return render(request, "customers/my_partner.html", context)


class OperationLogView(PortalListView):
    """Tab Operation Log: every association, disassociation and type change (08-CSD-15)."""

    permission = VIEW_PARTNER
    audiences = AUDIENCES
    title = gettext_lazy("My Partner")
    list_name = "my_partner_log"
    queryset = staticmethod(records.customer_log)
    filterset_class = OperationLogFilterSet
    table_class = OperationLogTable
    template_name = "customers/my_partner/log.html"
    empty_title = gettext_lazy("No operations yet")
    empty_text = gettext_lazy(
        "When you are associated with a partner, or one of you asks for disassociation, it stands "
        "here."
    )
    empty_icon = "history"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs and the notices of My Partner."""
        return {"sections": partner_tabs("my_partner:log"), **notices(self.actor)}


class DecisionPage(PortalView):
    """A page of the customer on which it decides something about its partner."""

    permission = MANAGE_PARTNER
    audiences = AUDIENCES
    title: ClassVar[str | Promise]
    template_name: ClassVar[str]

    def show(self, form: Form, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page."""
        shown = {"title": self.title, "form": form, "cancel_url": reverse("my_partner:page")}
        return render(self.request, self.template_name, shown | context, status=status)

    def done(self, message: str) -> HttpResponseBase:
        """Back to My Partner, with a word on what was done."""
        messages.success(self.request, message)
        return redirect("my_partner:page")


class DisassociateView(DecisionPage):
    """More Operations > Disassociate: account check, tick, code (08-CSD-03 to CSD-12)."""

    title = gettext_lazy("Disassociate from the Partner")
    template_name = "customers/my_partner/disassociate.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Check the account and show every item."""
        check = checks.customers_check(self.actor)
        return self._show(check, LeaveForm(initial={"association": check.association.pk}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Submit the application."""
        form = LeaveForm(request.POST)
        if not form.is_valid():
            return self._show(checks.customers_check(self.actor), form, status=422)
        try:
            services.request_by_customer(
                self.actor, association_id=form.cleaned_data["association"]
            )
        except CheckFailed as refusal:
            add_refusal(form, refusal)
            return self._show(checks.customers_check(self.actor), form, status=422)
        return self.done(
            _(
                "The application for canceling the association with the partner has been "
                "submitted. After your partner completes the processing, you will be notified of "
                "the processing result at once."
            )
        )

    def _show(
        self, check: checks.AccountCheck, form: LeaveForm, *, status: int = 200
    ) -> HttpResponse:
        partner = check.association.account
        return self.show(form, check=check, partner=partner, status=status, danger=True)


class ProcessView(DecisionPage):
    """Process: agree to the partner's request or reject it, always with a code (08-CSD-14)."""

    title = gettext_lazy("Process the Disassociation Request")
    template_name = "customers/my_partner/process.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the request and what agreeing means."""
        return self.show(ProcessForm(), found=records.get_own(self.actor, pk, Side.PARTNER))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Agree or reject."""
        found = records.get_own(self.actor, pk, Side.PARTNER)
        form = ProcessForm(request.POST)
        if not form.is_valid():
            return self.show(form, found=found, status=422)
        try:
            services.answer_partner(self.actor, pk, **form.as_arguments())
        except CheckFailed as refusal:
            add_refusal(form, refusal)
            return self.show(form, found=found, status=422)
        if form.agrees:
            words = _("You have been disassociated from the partner %(name)s.")
        else:
            words = _("You have rejected the disassociation. %(name)s is told at once.")
        return self.done(words % {"name": found.account.title})


class WithdrawView(DecisionPage):
    """Take back the customer's own request that waits (D-22)."""

    title = gettext_lazy("Withdraw the Application")
    template_name = "customers/my_partner/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self.show(Form(), found=records.get_own(self.actor, pk, Side.CUSTOMER))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Withdraw."""
        found = records.get_own(self.actor, pk, Side.CUSTOMER)
        services.withdraw_by_customer(self.actor, pk)
        return self.done(
            _("The application is withdrawn. You remain associated with %(name)s.")
            % {"name": found.account.title}
        )
