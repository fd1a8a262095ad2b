"""Customer Management: the lists (04 §8.3.1.1, 06 §9.2.3.1.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import budgets.queries.usage
import resellers.queries
from accounts.choices import PartnerKind
from budgets.choices import FreezeStatus
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.lists.batches import BatchAction
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..filters.management import CustomerFilterSet, ResellerCustomerFilterSet
from ..permissions import EXPORT_CUSTOMERS, VIEW_ASSIGNMENTS, VIEW_CUSTOMERS
from ..queries import assignments
from ..queries import management as queries
from ..tables.management import CustomerTable, ResellerCustomerTable
from .batches import AssignManager, Freeze, SetBudget, SetDiscount, Transfer

AUDIENCES = frozenset({Audience.PARTNER})


def _new_this_month(moment: datetime) -> Q:
    return Q(associated_at__gte=BillingCycle.of(moment).start)


ALL = SavedView("all", gettext_lazy("All"))
FROZEN = SavedView(
    "frozen",
    gettext_lazy("Frozen"),
    queries.in_freeze_states(FreezeStatus.ACCOUNT, FreezeStatus.RESOURCES),
)
#: 75% or more of the budget is used, and something is left (04-BFM-05).
ABOUT_TO_EXCEED = SavedView(
    "exceeding", gettext_lazy("About to exceed"), budgets.queries.usage.about_to_exceed
)
USED_UP = SavedView("used_up", gettext_lazy("Used up"), budgets.queries.usage.used_up, urgent=True)
NO_BUDGET = SavedView(
    "no_budget", gettext_lazy("No budget"), budgets.queries.usage.without_budget()
)
NEW = SavedView("new", gettext_lazy("New this month"), _new_this_month)


class CustomerListView(PortalListView):
    """Sales > Customers > Customer Management; for distributors the tab Customers."""

    permission = VIEW_CUSTOMERS
    audiences = AUDIENCES
    title = gettext_lazy("Customer Management")
    list_name = "customers"
    queryset = staticmethod(queries.list_own)
    filterset_class = CustomerFilterSet
    table_class = CustomerTable
    saved_views: ClassVar[tuple[SavedView, ...]] = (
        ALL,
        SavedView("unassigned", gettext_lazy("Unassigned"), queries.unassigned()),
        ABOUT_TO_EXCEED,
        USED_UP,
        NO_BUDGET,
        FROZEN,
        NEW,
    )
    batch_actions = (SetBudget, Freeze, SetDiscount, AssignManager, Transfer)
    export_name = "customers"
    export_permission = EXPORT_CUSTOMERS
    template_name = "customers/management/list.html"
    #: Where Manage Association Records leads (04-CUS-06, 06-DCU-06).
    records_name: ClassVar[str] = "association_records:list"
    empty_title = gettext_lazy("No customers yet")
    empty_text = gettext_lazy(
        "Customers stand here as soon as they have accepted your invitation. Invite them under "
        "Customer Development."
    )
    empty_icon = "users"

    def get_extra_context(self) -> dict[str, Any]:
        """The distributor's tabs; whether Batch transfer history is offered (04-CUS-06)."""
        return {
            "sections": section_tabs(self.request, "customers:list"),
            "has_history": _has_history(self.actor),
        }


class ResellerCustomerListView(CustomerListView):
    """The distributor's tab Resellers' Customers; for others it does not exist."""

    list_name = "resellers_customers"
    queryset = staticmethod(queries.list_of_resellers)
    filterset_class = ResellerCustomerFilterSet
    table_class = ResellerCustomerTable
    saved_views = (ALL, ABOUT_TO_EXCEED, USED_UP, NO_BUDGET, FROZEN, NEW)
    export_name = "resellers_customers"
    records_name = "association_records:resellers"
    empty_title = gettext_lazy("Your resellers have no customers yet")
    empty_text = gettext_lazy(
        "Customers stand here as soon as they have accepted an invitation of one of your resellers."
    )

    def _authorize(self) -> None:
        super()._authorize()
        if not queries.has_reseller_tab(self.request.actor):
            raise NotFound

    @cached_property
    def batch_actions(self) -> tuple[type[BatchAction], ...]:  # type: ignore[override]
        """Set Budget and Freeze/Unfreeze, while there is a reseller that may not do so itself."""
        has_any = resellers.queries.has_unauthorized_resellers(self.actor.account_id)
        return (SetBudget, Freeze) if has_any else ()

    def get_extra_context(self) -> dict[str, Any]:
        """The distributor's tabs."""
        return {"sections": section_tabs(self.request, "customers:resellers")}


def _has_history(actor: Actor) -> bool:
    """Resellers transfer nothing: they read what they have assigned by batch, once there is any."""
    if not actor.can(VIEW_ASSIGNMENTS):
        return False
    return actor.partner_kind != PartnerKind.RESELLER or assignments.has_batches(actor)


def section_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Customers and Resellers' Customers; nothing for those who have one list (06-DX-02)."""
    if not queries.has_reseller_tab(request.actor):  # type: ignore[attr-defined]
        return []
    labels = {"customers:list": _("Customers"), "customers:resellers": _("Resellers’ Customers")}
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label in labels.items()
    ]
