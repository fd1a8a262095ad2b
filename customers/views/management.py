"""Customer Management: the lists and the page of one customer (04 §8.3.1.1, 06 §9.2.3.1.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import budgets.queries.holds
from accounts.choices import PartnerKind, TenantType
from budgets.choices import FreezeStatus
from partner_center import masking
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.views import PortalView

from .. import row_operations
from ..filters.management import CustomerFilterSet, ResellerCustomerFilterSet
from ..models import Association
from ..permissions import EXPORT_CUSTOMERS, VIEW_ASSIGNMENTS, VIEW_CUSTOMERS
from ..queries import assignments, details, discounts
from ..queries import management as queries
from ..services import revealing
from ..tables.management import CustomerTable, ResellerCustomerTable
from . import spend
from .batches import AssignManager, SetDiscount, Transfer

AUDIENCES = frozenset({Audience.PARTNER})
MASKS = {"name": masking.mask_name, "mobile": masking.mask_phone, "email": masking.mask_email}
#: How the page names the legal nature of a customer (04-CUD-01).
USER_TYPES: dict[str, str | Promise] = {
    TenantType.ENTERPRISE: gettext_lazy("Enterprise User"),
    TenantType.INDIVIDUAL: gettext_lazy("Individual User"),
}


def _new_this_month(moment: datetime) -> Q:
    return Q(associated_at__gte=BillingCycle.of(moment).start)


ALL = SavedView("all", gettext_lazy("All"))
FROZEN = SavedView(
    "frozen",
    gettext_lazy("Frozen"),
    queries.in_freeze_states(FreezeStatus.ACCOUNT, FreezeStatus.RESOURCES),
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
    saved_views = (
        ALL,
        SavedView("unassigned", gettext_lazy("Unassigned"), queries.unassigned()),
        FROZEN,
        NEW,
    )
    batch_actions = (AssignManager, Transfer, SetDiscount)
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
    saved_views = (ALL, FROZEN, NEW)
    batch_actions = ()
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

    def get_extra_context(self) -> dict[str, Any]:
        """The distributor's tabs."""
        return {"sections": section_tabs(self.request, "customers:resellers")}


class CustomerDetailsView(PortalView):
    """The tab Overview (04-CUD-01 to CUD-03). POST shows one masked value in full, once, on record."""

    permission = VIEW_CUSTOMERS
    audiences = AUDIENCES
    template_name: ClassVar[str] = "customers/management/overview.html"
    tab: ClassVar[str] = "customers:details"

    def get(self, request: HttpRequest, association_id: int) -> HttpResponse:
        """Show the page."""
        return self._page(queries.get_customer(self.actor, association_id))

    def post(self, request: HttpRequest, association_id: int) -> HttpResponse:
        """Show one masked value in full."""
        field = request.POST.get("field", "")
        value = revealing.reveal(self.actor, association_id, field=field)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"field": field, "value": value, "shown": True}
            return render(request, "customers/management/parts/masked.html", context)
        return self._page(queries.get_customer(self.actor, association_id), revealed=field)

    def body(self, association: Association) -> dict[str, Any]:
        """What the tab shows below the header."""
        return spend.card(self.actor, association)

    def _page(self, association: Association, revealed: str = "") -> HttpResponse:
        around = details.overview(self.actor, association)
        context = self._header(association, revealed) | {
            "overview": around,
            "holds": budgets.queries.holds.freeze_of(self.actor, association.pk),
            **self._operations(association),
            **self.body(association),
        }
        return render(self.request, self.template_name, context)

    def _header(self, association: Association, revealed: str) -> dict[str, Any]:
        customer = association.customer
        return {
            "title": customer.name,
            "association": association,
            "customer": customer,
            "is_own": row_operations.is_own(self.actor, association),
            "records_url": self._records_url(association),
            "masked": {
                field: value if field == revealed else MASKS[field](value)
                for field, name in revealing.MASKED.items()
                for value in [getattr(customer, name)]
            },
            "shown": {revealed: True},
            "user_type": USER_TYPES.get(customer.tenant_type, ""),
            "rights": details.reseller_rights(self.actor, association),
            "crumbs": _crumbs(self.request, association),
            "tabs": _tabs(association, self.tab),
        }

    def _records_url(self, association: Association) -> str:
        """The association records of this customer, on the tab to which it belongs (06-DX-10)."""
        own = row_operations.is_own(self.actor, association)
        page = CustomerListView if own else ResellerCustomerListView
        named = urlencode({"customer": association.customer.name})
        return f"{reverse(page.records_name)}?{named}"

    def _operations(self, association: Association) -> dict[str, Any]:
        association.may_discount = discounts.may_set(self.actor)  # type: ignore[attr-defined]
        offered = [
            replace(each, url=each.url_on_details)
            for each in row_operations.offered(self.actor, association)
        ]
        return {
            "buttons": [each for each in offered if not each.operation.menu],
            # The button says who looks after the customer; for others the facts do.
            "may_assign": any(each.operation.key == "assign" for each in offered),
            "association_menu": [
                each for each in offered if each.operation.menu == row_operations.ASSOCIATION
            ],
        }


class BasicInformationView(CustomerDetailsView):
    """The tab Basic Information: facts, Account Manager History, association records (CUD-11)."""

    template_name = "customers/management/basic_information.html"
    tab = "customers:basic-information"

    def body(self, association: Association) -> dict[str, Any]:
        return {
            "managers": details.manager_history(association),
            "records": details.association_history(association),
        }


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


def _tabs(association: Association, current: str) -> list[dict[str, Any]]:
    labels = {
        "customers:details": _("Overview"),
        "customers:basic-information": _("Basic Information"),
    }
    return [
        {"label": label, "url": reverse(name, args=[association.pk]), "current": name == current}
        for name, label in labels.items()
    ]


def _crumbs(request: Any, association: Association) -> list[tuple[str, str]]:
    """``Customer Management-Customers / Customer Details``; the suffix only for distributors."""
    here = (_("Customer Details"), "")
    if request.actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return [here]
    if row_operations.is_own(request.actor, association):
        return [(_("Customers"), reverse("customers:list")), here]
    return [(_("Resellers’ Customers"), reverse("customers:resellers")), here]
