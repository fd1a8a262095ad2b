"""Customer Assignment and the dialogs that assign account managers (04 §8.3.1.13, 8.3.2)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from partner_center.lists import selection
from partner_center.lists.batches import BatchAction
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.views import PortalView, add_refusal

from .. import row_operations
from ..choices import BatchKind, BatchStatus
from ..filters import assignment as filters
from ..forms.assignment import ManagerForm, TransferForm
from ..permissions import ASSIGN_CUSTOMERS, VIEW_ASSIGNMENTS
from ..queries import assignments as queries
from ..services import assignments as services
from ..tables import assignment as tables

PARTNERS = frozenset({Audience.PARTNER})
#: Customers that one page of the dialog Select Customer lists.
PICKED_PER_PAGE = 10
#: Customers of a batch that a dialog names.
NAMED = 10
_DRAFT = "assignment-drafts"


class ManagerListView(PortalListView):
    """Sales > Customers > Customer Assignment (04-ASG-01)."""

    permission = VIEW_ASSIGNMENTS
    audiences = PARTNERS
    title = gettext_lazy("Customer Assignment")
    list_name = "account-managers"
    queryset = staticmethod(queries.list_managers)
    filterset_class = filters.ManagerFilterSet
    table_class = tables.ManagerTable
    template_name = "customers/assignment/managers.html"
    empty_title = gettext_lazy("No account managers yet")
    empty_icon = "users"
    empty_action = (gettext_lazy("Create Member"), "organization:create")

    @property
    def empty_text(self) -> str:
        """Where account managers come from; resellers read another path (07-RASG-02)."""
        if self.actor.partner_kind == PartnerKind.RESELLER:
            return _(
                "Create one under Account Management > Organization Management > Users > Create "
                "User, with the role Account manager."
            )
        return _(
            "Create one under Account Management > Organization Management > Create Member, with "
            "the role Account manager."
        )

    def get_extra_context(self) -> dict[str, Any]:
        """Whether the actor may assign."""
        return {"may_assign": self.actor.can(ASSIGN_CUSTOMERS)}


class UnassignCustomers(BatchAction):
    """Unassign the ticked customers from their manager (04-ASG-03)."""

    name = "unassign"
    label = gettext_lazy("Unassign Customers")
    permission = ASSIGN_CUSTOMERS
    icon = "user-x"
    page = "assignment:unassign-batch"


class ManagedCustomersView(PortalListView):
    """View Customers: one account manager and its customers (04-ASG-03)."""

    permission = VIEW_ASSIGNMENTS
    audiences = PARTNERS
    title = gettext_lazy("View Customers")
    list_name = "managed-customers"
    queryset = staticmethod(queries.customers_of_manager)
    below = ("user_id",)
    filterset_class = filters.ManagedCustomerFilterSet
    table_class = tables.ManagedCustomerTable
    batch_actions = (UnassignCustomers,)
    template_name = "customers/assignment/customers.html"
    empty_title = gettext_lazy("No customers yet")
    empty_text = gettext_lazy("Assign customers to this account manager under Customer Assignment.")
    empty_icon = "users"

    def get_extra_context(self) -> dict[str, Any]:
        """The manager's data."""
        manager = queries.get_manager(self.actor, self.kwargs["user_id"])
        return {
            "manager": manager,
            "may_assign": self.actor.can(ASSIGN_CUSTOMERS),
            "crumbs": [(str(manager), "")],
        }


class AssignmentView(PortalView):
    """A page or dialog that changes assignments."""

    permission = ASSIGN_CUSTOMERS
    audiences = PARTNERS
    title: ClassVar[str | Promise]
    template_name: ClassVar[str]

    @property
    def wanted(self) -> list[int]:
        """The customers that the address speaks of: one by key, or a kept selection."""
        one = self.kwargs.get("association_id")
        return [one] if one else selection.read(self.request)

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page."""
        shown = {"title": self.title, "cancel_url": reverse("assignment:list")} | context
        return render(self.request, self.template_name, shown, status=status)

    def refused(self, form: Form, refusal: Refusal, /, **context: Any) -> HttpResponse:
        """The same form with the refusal in it."""
        if refusal.status in (404, 409):
            raise refusal
        form.is_valid()
        add_refusal(form, refusal)
        return self.show(status=422, form=form, **context)


class AssignCustomersView(AssignmentView):
    """Assign Customer: the customers chosen so far, OK assigns them (04-ASG-02).

    The choice stands in the session until OK, so that it survives searching and paging.
    """

    title = gettext_lazy("Assign Customer")
    template_name = "customers/assignment/assign.html"

    def get(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Show what is chosen."""
        return self._page(Form())

    def post(self, request: HttpRequest, user_id: int) -> HttpResponseBase:
        """Drop a row, or assign all of them."""
        if "drop" in request.POST:
            draft_change(request, user_id, drop=request.POST["drop"])
            return redirect("assignment:choose", user_id=user_id)
        try:
            services.assign_unassigned(self.actor, draft_of(request, user_id), manager_id=user_id)
        except Refusal as refusal:
            return self._refused(refusal)
        draft_change(request, user_id, clear=True)
        messages.success(request, _("Customers have been assigned successfully."))
        return redirect("assignment:customers", user_id=user_id)

    def _refused(self, refusal: Refusal) -> HttpResponse:
        if refusal.status in (404, 409):
            raise refusal
        form = Form({})
        form.is_valid()
        add_refusal(form, refusal)
        return self._page(form, status=422)

    def _page(self, form: Form, status: int = 200) -> HttpResponse:
        manager = queries.get_manager(self.actor, self.kwargs["user_id"])
        ids = draft_of(self.request, manager.pk)
        return self.show(
            form=form,
            manager=manager,
            chosen=queries.chosen(self.actor, ids),
            crumbs=[(_("Assign Customer"), "")],
            status=status,
        )


class SelectCustomerView(AssignmentView):
    """Dialog Select Customer: assigned customers are shown, but cannot be ticked (04-ASG-02)."""

    title = gettext_lazy("Select Customer")
    template_name = "customers/assignment/select.html"

    def get(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Search, filter and page."""
        manager = queries.get_manager(self.actor, user_id)
        words, only = request.GET.get("q", ""), "unassigned" in request.GET
        rows = queries.assignable(self.actor, words=words, only_unassigned=only)
        page = Paginator(rows, PICKED_PER_PAGE).get_page(request.GET.get("page"))
        return self.show(
            manager=manager,
            page=page,
            words=words,
            only_unassigned=only,
            chosen=set(draft_of(request, user_id)),
            cancel_url=reverse("assignment:choose", args=[user_id]),
            wide=True,
        )

    def post(self, request: HttpRequest, user_id: int) -> HttpResponseBase:
        """Add the ticked customers to the choice."""
        queries.get_manager(self.actor, user_id)
        add = [int(pk) for pk in request.POST.getlist("customer") if pk.isdecimal()]
        draft_change(request, user_id, add=add)
        return redirect("assignment:choose", user_id=user_id)


class UnassignView(AssignmentView):
    """Unassign Customer (one) or Unassign Customers (several): asks first (04-ASG-03, ASG-04)."""

    title = gettext_lazy("Unassign Customers")
    template_name = "customers/assignment/unassign.html"

    def get(self, request: HttpRequest, association_id: int = 0) -> HttpResponse:
        """Say from when on it holds."""
        return self._page(Form())

    def post(self, request: HttpRequest, association_id: int = 0) -> HttpResponseBase:
        """Unassign them from the 1st of next month."""
        rows = self._rows()
        managers = {row.manager_id for row in rows}
        try:
            for manager_id in sorted(managers - {None}):
                own = [row.pk for row in rows if row.manager_id == manager_id]
                services.unassign(self.actor, own, manager_id=manager_id)
        except Refusal as refusal:
            if refusal.status in (404, 409):
                raise
            form = Form({})
            form.is_valid()
            add_refusal(form, refusal)
            return self._page(form, status=422)
        messages.success(
            request, _("The customers are unassigned from the 1st of next month (GMT+08:00).")
        )
        return redirect("assignment:list")

    def _page(self, form: Form, status: int = 200) -> HttpResponse:
        return self.show(form=form, chosen=self._rows(), danger=True, status=status)

    def _rows(self) -> list[Any]:
        rows = list(queries.chosen(self.actor, self.wanted))
        if not rows:
            raise NotFound
        return rows


class AssignManagerView(AssignmentView):
    """Assign Account Manager: what it means, then who (04-AMG-01, AMG-02; 07-RAM-02).

    For one customer it holds at once; for several it is a batch.
    """

    title = gettext_lazy("Assign Account Manager")
    template_name = "customers/assignment/manager.html"

    def get(self, request: HttpRequest, association_id: int = 0) -> HttpResponse:
        """Step 1, or step 2 with the search."""
        return self._page(None)

    def post(self, request: HttpRequest, association_id: int = 0) -> HttpResponseBase:
        """Assign."""
        form = ManagerForm(request.POST, managers=queries.pick_managers(self.actor))
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            return self._assign(self.wanted, form.cleaned_data["manager"])
        except Refusal as refusal:
            if refusal.status in (404, 409):
                raise
            add_refusal(form, refusal)
            return self._page(form, status=422)

    def _assign(self, ids: list[int], manager_id: int) -> HttpResponseBase:
        if len(ids) != 1:
            batch = services.start_batch(self.actor, BatchKind.ASSIGN, ids, manager_id=manager_id)
            return redirect("assignment:batch", batch_id=batch.pk)
        services.assign(self.actor, ids[0], manager_id=manager_id)
        messages.success(self.request, _("Account manager assigned successfully."))
        return redirect(self._back)

    @property
    def _back(self) -> str:
        return row_operations.page_after(self.request.GET, self.kwargs.get("association_id"))

    def _page(self, form: ManagerForm | None, status: int = 200) -> HttpResponse:
        words = self.request.GET.get("q", "")
        chooses = form is not None or "q" in self.request.GET
        named = _named(self)
        if not named["chosen"]:
            raise NotFound
        return self.show(
            form=form,
            **named,
            managers=queries.pick_managers(self.actor, words) if chooses else [],
            chooses=chooses,
            words=words,
            back=_address(self.request),
            next=_address(self.request, q=""),
            kept=[(k, v) for k, v in self.request.GET.items() if k != "q"],
            cancel_url=self._back,
            wide=True,
            status=status,
        )


class TransferView(AssignmentView):
    """Batch Transfer: customers move from one account manager to another, at once (04 D-24)."""

    title = gettext_lazy("Batch Transfer")
    template_name = "customers/assignment/transfer.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """From whom to whom."""
        return self._page(TransferForm(managers=self._managers, sources=self._sources))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Start the batch."""
        form = TransferForm(request.POST, managers=self._managers, sources=self._sources)
        if not form.is_valid():
            return self._page(form, status=422)
        chosen = self.wanted if selection.PARAMETER in request.GET else None
        try:
            batch = services.start_batch(
                self.actor,
                BatchKind.TRANSFER,
                chosen,
                manager_id=form.cleaned_data["manager"],
                source_id=form.cleaned_data["source"],
            )
        except Refusal as refusal:
            return self.refused(form, refusal, **self._context())
        return redirect("assignment:batch", batch_id=batch.pk)

    @cached_property
    def _managers(self) -> list[queries.ManagerRow]:
        return queries.pick_managers(self.actor)

    @cached_property
    def _sources(self) -> list[queries.ManagerRow]:
        return queries.pick_sources(self.actor)

    def _context(self) -> dict[str, Any]:
        return _named(self) | {
            "takes_all": selection.PARAMETER not in self.request.GET,
            "cancel_url": reverse("customers:list"),
            "submit_label": _("Transfer"),
        }

    def _page(self, form: TransferForm, status: int = 200) -> HttpResponse:
        return self.show(form=form, status=status, **self._context())


class BatchListView(PortalListView):
    """Batch transfer history: every batch of assignments and transfers (04 D-24, CUS-06)."""

    permission = VIEW_ASSIGNMENTS
    audiences = PARTNERS
    title = gettext_lazy("Batch transfer history")
    list_name = "assignment-batches"
    queryset = staticmethod(queries.list_batches)
    filterset_class = filters.BatchFilterSet
    table_class = tables.BatchTable
    empty_title = gettext_lazy("No batches yet")
    empty_text = gettext_lazy(
        "Tick several customers in Customer Management and choose Batch Assign Account Manager or "
        "Batch Transfer."
    )
    empty_icon = "history"

    def get_extra_context(self) -> dict[str, Any]:
        """The way back to Customer Assignment."""
        return {"crumbs": [(self.title, "")]}


class BatchView(PortalListView):
    """One batch: how far it is, and what it did with each customer."""

    permission = VIEW_ASSIGNMENTS
    audiences = PARTNERS
    title = gettext_lazy("Batch")
    list_name = "assignment-batch"
    queryset = staticmethod(queries.rows_of)
    below = ("batch_id",)
    filterset_class = filters.BatchRowFilterSet
    table_class = tables.BatchRowTable
    template_name = "customers/assignment/batch.html"
    fragment_name = "customers/assignment/batch_fragment.html"

    @cached_property
    def batch(self) -> Any:
        """The batch."""
        return queries.get_batch(self.actor, self.kwargs["batch_id"])

    def get_extra_context(self) -> dict[str, Any]:
        """Its figures."""
        return {
            "batch": self.batch,
            "worked": self.batch.done + self.batch.refused,
            "crumbs": [
                (_("Batch transfer history"), reverse("assignment:batches")),
                (self.batch.get_kind_display(), ""),
            ],
        }

    def refresh_seconds(self, page: Any) -> int:
        """Every two seconds while it runs."""
        return 0 if self.batch.status == BatchStatus.COMPLETED else 2


def _named(view: AssignmentView) -> dict[str, Any]:
    """The first customers that the address speaks of, and how many more there are."""
    rows = queries.chosen(view.actor, view.wanted)
    first, total = list(rows[:NAMED]), rows.order_by().count()
    return {"chosen": first, "total": total, "more": total - len(first)}


def draft_of(request: HttpRequest, user_id: int) -> list[int]:
    """Customers chosen so far for one manager."""
    return list(request.session.get(_DRAFT, {}).get(str(user_id), ()))


def draft_change(
    request: HttpRequest,
    user_id: int,
    *,
    add: list[int] | None = None,
    drop: str = "",
    clear: bool = False,
) -> None:
    """Add to the choice, drop one of it, or forget it."""
    drafts = dict(request.session.get(_DRAFT, {}))
    chosen = [] if clear else draft_of(request, user_id)
    chosen += [pk for pk in add or () if pk not in chosen]
    drafts[str(user_id)] = [pk for pk in chosen if str(pk) != drop]
    request.session[_DRAFT] = drafts


def _address(request: HttpRequest, **more: str) -> str:
    """The address of the first step; with ``q`` that of the second."""
    query = request.GET.copy()
    query.pop("q", None)
    for name, value in more.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
