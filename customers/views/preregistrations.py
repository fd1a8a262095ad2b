"""Customer Development, tab From Partner Center (04 §8.2.2.1)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import PreRegistrationReason, PreRegistrationStatus
from ..filters.preregistrations import PreRegistrationFilterSet
from ..forms.preregistrations import PreregisterForm, ReviewForm
from ..models import PreRegistration
from ..permissions import MANAGE_DEVELOPMENT, VIEW_DEVELOPMENT
from ..queries import development
from ..queries import preregistrations as queries
from ..refusals import CannotBeDeleted, CannotPreregister
from ..rules.eligibility import REVIEWABLE_REASONS
from ..rules.preregistration import LIMIT
from ..services import preregistrations as services
from ..tables.preregistrations import PreRegistrationTable

AUDIENCES = frozenset({Audience.PARTNER})
_SHARED_INPUTS = {"csrfmiddlewaretoken", "step"}


class DeletePreRegistrations(BatchAction):
    """Delete the ticked pre-registrations, all or none (04-PRE-09)."""

    name = "delete"
    label = gettext_lazy("Delete")
    permission = MANAGE_DEVELOPMENT
    icon = "trash"
    confirmation = gettext_lazy(
        "The preregistrations become invalid at once, and links in invitation emails that are "
        "still open lead nowhere. Other partners can then preregister these customers."
    )
    is_dangerous = True

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """One transaction for all."""
        rows = list(queries.list_preregistrations(actor).filter(pk__in=ids).order_by("pk"))
        try:
            services.delete(actor, ids)
        except CannotBeDeleted as refusal:
            return [_not_deleted(row, refusal.names) for row in rows]
        return [RowResult(row.pk, str(row), True, _("Deleted")) for row in rows]


def _not_deleted(row: PreRegistration, staying: Collection[int]) -> RowResult:
    if row.pk in staying:
        words = _("%(status)s: cannot be deleted") % {"status": row.get_status_display()}
    else:
        words = _("Not deleted, because others of the selection cannot be deleted")
    return RowResult(row.pk, str(row), False, words)


class PreRegistrationListView(PortalListView):
    """The list (04-PRE, 07-RPRE-12)."""

    permission = VIEW_DEVELOPMENT
    audiences = AUDIENCES
    title = gettext_lazy("Customer Development")
    list_name = "preregistrations"
    queryset = staticmethod(queries.list_preregistrations)
    filterset_class = PreRegistrationFilterSet
    table_class = PreRegistrationTable
    saved_views = (
        SavedView("all", gettext_lazy("All")),
        SavedView(
            "registered",
            gettext_lazy("Pre-registered"),
            Q(shown__in=[PreRegistrationStatus.REGISTERED, queries.FAILED]),
        ),
        SavedView(
            "pending", gettext_lazy("Pending review"), Q(shown=PreRegistrationStatus.PENDING_REVIEW)
        ),
        SavedView(
            "associated", gettext_lazy("Associated"), Q(shown=PreRegistrationStatus.ASSOCIATED)
        ),
        SavedView(
            "over",
            gettext_lazy("Rejected or expired"),
            Q(shown__in=[PreRegistrationStatus.REJECTED, PreRegistrationStatus.EXPIRED]),
        ),
    )
    batch_actions = (DeletePreRegistrations,)
    export_name = "preregistrations"
    export_permission = VIEW_DEVELOPMENT
    template_name = "customers/development/preregistrations.html"
    empty_title = gettext_lazy("No preregistered customers yet")
    empty_text = gettext_lazy(
        "Reserve a potential customer for 15 days: no other partner can preregister it meanwhile, "
        "and you can invite it."
    )
    empty_icon = "user-plus"
    empty_action = (gettext_lazy("Preregister Customer"), "preregistrations:preregister")

    def get_extra_context(self) -> dict[str, Any]:
        """What the actor may do here; an empty list offers nothing that would be refused."""
        may_develop = development.may_develop(self.actor)
        may_manage = self.actor.can(MANAGE_DEVELOPMENT)
        found = {"may_manage": may_manage, "may_develop": may_develop}
        return found if may_manage and may_develop else found | {"empty_action": None}


class PreregisterView(PortalView):
    """Preregister Customer, its reasons, and the request for a manual review.

    One address: the pressed button's ``step`` says what the sent values are for (04-PRE-13 to 15).
    """

    permission = MANAGE_DEVELOPMENT
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(self._form(PreregisterForm))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """OK of the form, one of the two buttons below the reasons, or Submit."""
        if request.POST.get("step") == "submit":
            return self._submit()
        form = self._form(PreregisterForm, request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        match request.POST.get("step"):
            case "modify":
                return self._show(self._typed_before(form))
            case "continue":
                return self._show(self._form(ReviewForm, initial=form.cleaned_data))
        return self._preregister(form)

    def _preregister(self, form: PreregisterForm) -> HttpResponseBase:
        try:
            row = services.preregister(self.actor, details=form.details)
        except CannotPreregister as refusal:
            return self._reasons(refusal)
        except Refusal as refusal:
            return self._refused(form, refusal)
        return self._done(row)

    def _submit(self) -> HttpResponseBase:
        form = self._form(ReviewForm, self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            row = services.request_review(self.actor, details=form.details, review=form.review)
        except CannotPreregister as refusal:
            return self._reasons(refusal)
        except Refusal as refusal:
            return self._refused(form, refusal)
        return self._done(row)

    def _typed_before(self, form: PreregisterForm) -> PreregisterForm:
        """The form that the reasons stand against, with everything that was typed into it."""
        if "justification" not in self.request.POST:
            return self._form(PreregisterForm, initial=form.cleaned_data)
        return self._form(ReviewForm, initial=self.request.POST.dict() | form.cleaned_data)

    def _form(self, form_class: type, *args: Any, **kwargs: Any) -> Any:
        return form_class(*args, offered=development.models_for(self.actor), **kwargs)

    def _show(self, form: PreregisterForm, *, status: int = 200) -> HttpResponse:
        is_review = isinstance(form, ReviewForm)
        context = {
            "title": _("Preregister Customer"),
            "form": form,
            "is_review": is_review,
            "wide": is_review,
            "submit_label": _("Submit") if is_review else _("OK"),
            "cancel_url": reverse("preregistrations:list"),
            "may_develop": development.may_develop(self.actor),
            "has_own_contact": queries.has_own_contact(self.actor),
            "file_lost": is_review and form.is_bound and "attachment" in self.request.FILES,
            "crumbs": [(_("Preregister Customer"), "")],
        }
        return render(
            self.request, "customers/development/preregister.html", context, status=status
        )

    def _refused(self, form: PreregisterForm, refusal: Refusal) -> HttpResponse:
        add_refusal(form, refusal)
        return self._show(form, status=422)

    def _reasons(self, refusal: CannotPreregister) -> HttpResponse:
        typed = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in _SHARED_INPUTS
            for value in values
        ]
        context = {
            "title": _("Preregister Customer"),
            "refusal": refusal,
            "typed": typed,
            "cancel_url": reverse("preregistrations:list"),
            "crumbs": [(_("Preregister Customer"), "")],
        }
        return render(self.request, "customers/development/reasons.html", context, status=422)

    def _done(self, row: PreRegistration) -> HttpResponseBase:
        if row.status == PreRegistrationStatus.PENDING_REVIEW:
            words = _(
                "Submitted for manual review, which is finished within 2 working days. To learn "
                "about the review progress, contact your ecosystem manager."
            )
        elif row.wants_invitation:
            words = _("Preregistration successful. The invitation email is on its way.")
        else:
            words = _("Preregistration successful.")
        messages.success(self.request, words)
        return redirect("preregistrations:list")


class DeleteView(PortalView):
    """Delete of one row: dialog (04-PRE-09)."""

    permission = MANAGE_DEVELOPMENT
    audiences = AUDIENCES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self._show(queries.get_preregistration(self.actor, pk), Form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Delete."""
        row, form = queries.get_preregistration(self.actor, pk), Form(request.POST)
        try:
            services.delete(self.actor, [pk])
        except CannotBeDeleted as refusal:
            form.is_valid()
            add_refusal(form, refusal)
            return self._show(row, form, status=422)
        messages.success(request, _("Preregistration of %(row)s deleted.") % {"row": row})
        return redirect("preregistrations:list")

    def _show(self, row: PreRegistration, form: Form, *, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Delete Preregistration"),
            "row": row,
            "form": form,
            "submit_label": _("Delete"),
            "danger": True,
            "cancel_url": reverse("preregistrations:list"),
            "crumbs": [(_("Delete Preregistration"), "")],
        }
        return render(self.request, "customers/development/delete.html", context, status=status)


class RequirementsView(PortalView):
    """View preregistration requirements (04-PRE-02 to PRE-08, PRE-14)."""

    permission = VIEW_DEVELOPMENT
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """What keeps a customer from being pre-registered, and what can be reviewed."""
        every = list(PreRegistrationReason)
        context = {
            "title": _("Preregistration Requirements"),
            "barring": [r.label for r in every if r not in REVIEWABLE_REASONS],
            "reviewable": [r.label for r in every if r in REVIEWABLE_REASONS],
            "limit": LIMIT,
            "crumbs": [(_("Preregistration Requirements"), "")],
        }
        return render(request, "customers/development/requirements.html", context)


class ProcessView(PortalView):
    """Process Flowchart: how a potential customer becomes an associated one."""

    permission = VIEW_DEVELOPMENT
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """The drawing, over the page or as a page of its own."""
        context = {
            "title": _("Process Flowchart"),
            "wide": True,
            "list_url": reverse("preregistrations:list"),
            "crumbs": [(_("Process Flowchart"), "")],
        }
        return render(request, "customers/development/process.html", context)
