"""Customer Management > Manage Association Records, and the partner's own disassociation."""

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
from django_htmx.http import reswap, retarget

from accounts.choices import PartnerKind
from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import Purpose, Side
from ..filters.records import AssociationRecordFilterSet, ResellerRecordFilterSet
from ..forms.disassociation import AnswerForm, ConfirmForm, ReasonForm
from ..permissions import DISASSOCIATE, EXPORT_CUSTOMERS, VIEW_CUSTOMERS
from ..queries import disassociation as checks
from ..queries import records
from ..refusals import CheckFailed
from ..services import association_reviews
from ..services import disassociation as services
from ..tables.records import AssociationRecordTable, ResellerRecordTable

AUDIENCES = frozenset({Audience.PARTNER})


class BatchReject(BatchAction):
    """Reject the ticked requests of customers (04-ASC-08)."""

    name = "reject"
    label = gettext_lazy("Batch Reject")
    permission = DISASSOCIATE
    icon = "circle-x"
    confirmation = gettext_lazy(
        "The customers remain associated with you and are told at once. Records that do not wait "
        "for your answer stay as they are."
    )
    is_dangerous = True

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """One code for all; each record is decided by itself."""
        rows = {row.pk: row for row in records.list_records(actor).filter(pk__in=ids)}
        found = services.reject_each(actor, rows)
        return [_result(row, found[pk]) for pk, row in rows.items()]


def _result(row: Any, refusal: Refusal | None) -> RowResult:
    words = refusal.sentence if refusal else _("Rejected")
    return RowResult(row.pk, row.customer.name, refusal is None, words)


class AssociationRecordListView(PortalListView):
    """Records of the partner's own customers (04-ASC-08, ASC-09; 08-CSD-13)."""

    permission = VIEW_CUSTOMERS
    audiences = AUDIENCES
    title = gettext_lazy("Manage Association Records")
    list_name = "association_records"
    queryset = staticmethod(records.list_records)
    filterset_class = AssociationRecordFilterSet
    table_class = AssociationRecordTable
    saved_views = (
        SavedView("all", gettext_lazy("All")),
        SavedView("open", gettext_lazy("Waiting for you"), records.ASKS_PARTNER),
    )
    batch_actions = (BatchReject,)
    export_name = "association_records"
    export_permission = EXPORT_CUSTOMERS
    template_name = "customers/records/list.html"
    empty_title = gettext_lazy("No association records yet")
    empty_text = gettext_lazy(
        "When a customer is associated with you, changes its association type or asks for "
        "disassociation, it stands here."
    )
    empty_icon = "history"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of distributors."""
        return {"sections": _sections(self.actor, "list"), "crumbs": [(self.title, "")]}


class ResellerRecordListView(PortalListView):
    """Records of the customers of a distributor's resellers, read only (06-DX-10, DCU-06)."""

    permission = VIEW_CUSTOMERS
    audiences = AUDIENCES
    title = gettext_lazy("Manage Association Records")
    list_name = "reseller_association_records"
    queryset = staticmethod(records.list_reseller_records)
    filterset_class = ResellerRecordFilterSet
    table_class = ResellerRecordTable
    export_name = "reseller_association_records"
    export_permission = EXPORT_CUSTOMERS
    template_name = "customers/records/list.html"
    empty_title = gettext_lazy("No association records of resellers’ customers yet")
    empty_text = gettext_lazy(
        "When a customer is associated with one of your resellers, or leaves it, it stands here. "
        "The reseller decides about it."
    )
    empty_icon = "history"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of distributors."""
        return {"sections": _sections(self.actor, "resellers"), "crumbs": [(self.title, "")]}


def _sections(actor: Actor, current: str) -> list[dict[str, Any]]:
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return []
    tabs = (("list", _("Customers")), ("resellers", _("Resellers’ Customers")))
    return [
        {
            "label": label,
            "url": reverse(f"association_records:{name}"),
            "current": name == current,
            "count": None,
        }
        for name, label in tabs
    ]


class RecordDialog(PortalView):
    """A dialog about one request that waits; ``act`` calls the service."""

    permission = DISASSOCIATE
    audiences = AUDIENCES
    title: ClassVar[str | Promise]
    template_name: ClassVar[str]
    form_class: ClassVar[type[Form]] = Form
    #: Whose request it must be.
    initiator: ClassVar[Side] = Side.CUSTOMER

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self._show(self._found(pk), self.form_class())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Decide."""
        found, form = self._found(pk), self.form_class(request.POST)
        if not form.is_valid():
            return self._show(found, form, status=422)
        try:
            message = self.act(found, form)
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            add_refusal(form, refusal)
            return self._show(found, form, status=422)
        messages.success(request, str(message) % {"name": found.customer.name})
        return redirect("association_records:list")

    def act(self, found: Any, form: Form) -> str | Promise:
        """Call the service; what to say afterwards."""
        raise NotImplementedError

    def _found(self, pk: int) -> Any:
        return records.get_waiting(self.actor, pk, self.initiator)

    def _show(self, found: Any, form: Form, *, status: int = 200) -> HttpResponse:
        context = {
            "title": self.title,
            "form": form,
            "found": found,
            "associates": found.purpose == Purpose.ASSOCIATION,
            "cancel_url": reverse("association_records:list"),
        }
        return render(self.request, self.template_name, context, status=status)


class AgreeView(RecordDialog):
    """Agree: the association ends, or begins (04-ASC-08, ASC-10; 07-RASC-09)."""

    title = gettext_lazy("Agree to the Request")
    template_name = "customers/records/agree.html"

    def act(self, found: Any, form: Form) -> str | Promise:
        """Agree."""
        if found.purpose == Purpose.ASSOCIATION:
            association_reviews.confirm_association(self.actor, found.pk, agree=True)
            return _("The customer %(name)s is associated with you.")
        services.agree(self.actor, found.pk)
        return _("You have been disassociated from the customer %(name)s.")


class RejectView(RecordDialog):
    """Reject: everything stays as it is (04-ASC-08, 07-RASC-09)."""

    title = gettext_lazy("Reject the Request")
    template_name = "customers/records/reject.html"
    form_class = AnswerForm

    def act(self, found: Any, form: Form) -> str | Promise:
        """Reject."""
        answer = form.cleaned_data["answer"]
        if found.purpose == Purpose.ASSOCIATION:
            association_reviews.confirm_association(
                self.actor, found.pk, agree=False, answer=answer
            )
        else:
            services.reject(self.actor, found.pk, answer=answer)
        return _("Request rejected. %(name)s is told at once.")


class WithdrawView(RecordDialog):
    """Withdraw the partner's own request (D-22)."""

    title = gettext_lazy("Withdraw the Disassociation Request")
    template_name = "customers/records/withdraw.html"
    initiator = Side.PARTNER

    def act(self, found: Any, form: Form) -> str | Promise:
        """Withdraw."""
        services.withdraw_by_partner(self.actor, found.pk)
        return _("Request withdrawn. %(name)s remains associated with you.")


class DisassociateView(PortalView):
    """More > Disassociate: account check and tick, then the dialog with the reason (04-ASC-06).

    Both post to this address: the dialog carries the tick, and a reason.
    """

    permission = DISASSOCIATE
    audiences = AUDIENCES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check the account and show every item."""
        return self._check_page(checks.partners_check(self.actor, pk), ConfirmForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """From the tick to the dialog, from the dialog to the request."""
        check, confirm = checks.partners_check(self.actor, pk), ConfirmForm(request.POST)
        if check.failed or not confirm.is_valid():
            return self._check_page(check, confirm, status=422)
        if "reason" not in request.POST:
            return self._dialog(check, ReasonForm(initial={"understood": True}))
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._dialog(check, form, status=422)
        return self._submit(check, form)

    def _submit(self, check: checks.AccountCheck, form: ReasonForm) -> HttpResponseBase:
        association = check.association
        try:
            services.request_by_partner(
                self.actor, association.pk, reason=form.cleaned_data["reason"]
            )
        except CheckFailed as refusal:
            add_refusal(form, refusal)
            return self._dialog(check, form, status=422)
        messages.success(
            self.request,
            _(
                "The request for disassociating from the customer has been submitted. After your "
                "customer completes the processing, you will be notified of the processing result "
                "at once."
            ),
        )
        return redirect("association_records:list")

    def _check_page(
        self, check: checks.AccountCheck, form: ConfirmForm, *, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": _("Disassociate from the Customer"),
            "form": form,
            "check": check,
            "customer": check.association.customer,
            "cancel_url": reverse("association_records:list"),
        }
        fragment = bool(self.request.htmx) and self.request.method == "POST"  # type: ignore[attr-defined]
        template = "parts/form.html" if fragment else "page.html"
        response = render(
            self.request, f"customers/disassociation/{template}", context, status=status
        )
        if fragment:
            reswap(retarget(response, "#account-check"), "outerHTML")
        return response

    def _dialog(
        self, check: checks.AccountCheck, form: ReasonForm, *, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": _("Disassociate"),
            "form": form,
            "customer": check.association.customer,
            "danger": True,
            "cancel_url": self.request.path,
        }
        template = "customers/disassociation/reason.html"
        return render(self.request, template, context, status=status)
