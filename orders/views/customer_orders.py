"""Sales > Customers > Customer Orders: the list, one order, the history of price adjustments."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from customers.queries import management
from partner_center.actors import Actor
from partner_center.lists import hooks
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.views import PortalView, tell_export

from ..filters.customer_orders import (
    AdjustmentFilterSet,
    CustomerOrderFilterSet,
    ResellerOrderFilterSet,
)
from ..permissions import VIEW_ORDERS
from ..queries import adjusting
from ..queries import customer_orders as queries
from ..tables.customer_orders import (
    AdjustmentTable,
    CustomerOrderTable,
    ResellerOrderTable,
)

PARTNERS = frozenset({Audience.PARTNER})
#: The value of the export buttons that leave the filters aside begins with it.
EVERYTHING = "all-"


class CustomerOrderListView(PortalListView):
    """Orders of the partner's customers; for distributors the tab Customers (04-ORD-01)."""

    permission = VIEW_ORDERS
    audiences = PARTNERS
    title = gettext_lazy("Customer Orders")
    list_name = "customer_orders"
    queryset = staticmethod(queries.list_own)
    filterset_class = CustomerOrderFilterSet
    table_class = CustomerOrderTable
    saved_views = (
        SavedView("all", gettext_lazy("All")),
        SavedView("unpaid", gettext_lazy("Unpaid"), adjusting.UNPAID),
    )
    export_name = "customer_orders"
    export_permission = VIEW_ORDERS
    #: The words of this page for the two exports (04-ORD-05).
    export_message = gettext_lazy("Records exported successfully")
    everything_message: ClassVar[Any] = gettext_lazy("Tasks exported successfully")
    template_name = "orders/partner/list.html"
    tab: ClassVar[str] = "customer_orders:list"
    empty_title = gettext_lazy("No orders yet")
    empty_text = gettext_lazy(
        "Yearly/monthly purchases of your customers stand here. What is paid per use has no order: "
        "look at the customer’s resources."
    )
    empty_icon = "shopping-cart"

    def post_export(self) -> HttpResponse:
        """Export Selected: ticked rows, else those that match; Export All: all of this tab (D-23)."""
        wanted = self.request.POST["export"]
        if not wanted.startswith(EVERYTHING):
            return super().post_export()
        params = {"query": "", "columns": list(self.listing.columns)}
        hooks.exports().create_export(
            self.actor, self.export_name, params, wanted.removeprefix(EVERYTHING)
        )
        tell_export(self.request, self.everything_message)
        return self._back_to_list()

    def get_extra_context(self) -> dict[str, Any]:
        """The distributor's tabs; whether prices are adjusted here at all."""
        return {
            "sections": section_tabs(self.request, self.tab),
            "has_history": has_history(self.actor),
        }


class ResellerOrderListView(CustomerOrderListView):
    """The distributor's tab Resellers' Customers; for others it does not exist (06-DOR-01)."""

    list_name = "resellers_customer_orders"
    queryset = staticmethod(queries.list_of_resellers)
    filterset_class = ResellerOrderFilterSet
    table_class = ResellerOrderTable
    export_name = "resellers_customer_orders"
    tab = "customer_orders:resellers"

    def _authorize(self) -> None:
        super()._authorize()
        if not management.has_reseller_tab(self.request.actor):
            raise NotFound


class OrdersOfCustomerView(PortalView):
    """View Orders of one customer: the list, narrowed to it."""

    permission = VIEW_ORDERS
    audiences = PARTNERS

    def get(self, request: HttpRequest, association_id: int) -> HttpResponseBase:
        """Go to the tab that the customer belongs to."""
        association = management.get_customer(self.actor, association_id)
        own = association.account_id == self.actor.account_id
        page = "customer_orders:list" if own else "customer_orders:resellers"
        query = {"customer": association.customer.public_id}
        if "view" in request.GET:
            query["view"] = request.GET["view"]
        return redirect(f"{reverse(page)}?{urlencode(query)}")


class OrderDetailsView(PortalView):
    """View Order Details: lines, amounts, who ordered, refunds, adjustments (04-ORD-03)."""

    permission = VIEW_ORDERS
    audiences = PARTNERS

    def get(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """Show the order."""
        order = queries.get_order(self.actor, order_id)
        own = order.partner_id == self.actor.account_id
        context = {
            "title": order.order_no,
            "order": order,
            "parts": queries.parts_of(order),
            "is_own": own,
            "is_refund": queries.is_refund(order),
            "may_adjust": adjusting.is_adjustable(self.actor, order),
            "crumbs": _crumbs(self.request, own=own),
        }
        return render(request, "orders/partner/details.html", context)


class AdjustmentListView(PortalListView):
    """Price Adjustment History (04-PRC-05); for resellers it does not exist (07-ROQ-04)."""

    permission = VIEW_ORDERS
    audiences = PARTNERS
    title = gettext_lazy("Price Adjustment History")
    list_name = "price_adjustments"
    queryset = staticmethod(adjusting.list_adjustments)
    filterset_class = AdjustmentFilterSet
    table_class = AdjustmentTable
    empty_title = gettext_lazy("No price adjustments yet")
    empty_text = gettext_lazy(
        "When you lower the price of an unpaid order of a Referral customer, it stands here."
    )
    empty_icon = "history"

    def _authorize(self) -> None:
        super()._authorize()
        if not has_history(self.request.actor):
            raise NotFound

    def get_extra_context(self) -> dict[str, Any]:
        """The way back to Customer Orders."""
        return {"crumbs": [(self.title, "")]}


def has_history(actor: Actor) -> bool:
    """Whether prices are adjusted at all: resellers have no Referral customers (07-ROQ-04)."""
    return actor.partner_kind != PartnerKind.RESELLER


def section_tabs(request: Any, current: str) -> list[dict[str, Any]]:
    """Customers and Resellers' Customers; nothing for those who have one list (06-DX-02)."""
    if not management.has_reseller_tab(request.actor):
        return []
    labels = {
        "customer_orders:list": _("Customers"),
        "customer_orders:resellers": _("Resellers’ Customers"),
    }
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label in labels.items()
    ]


def _crumbs(request: Any, *, own: bool) -> list[tuple[str, str]]:
    here = (_("Order Details"), "")
    if request.actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return [here]
    if own:
        return [(_("Customers"), reverse("customer_orders:list")), here]
    return [(_("Resellers’ Customers"), reverse("customer_orders:resellers")), here]
