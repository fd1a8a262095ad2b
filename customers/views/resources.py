"""View Resources, and the tab Resources of Customer Details (04 §8.3.1.9, CUD-11; D-58)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.refusals import NotFound
from resources.permissions import VIEW_RESOURCES
from resources.queries import of_customers as resources

from .. import row_operations
from ..filters.resources import (
    ReservedFilterSet,
    SavingsFilterSet,
    TermFilterSet,
    UsageFilterSet,
)
from ..models import Association
from ..queries import management as queries
from ..tables.resources import ReservedTable, TermTable, UsageTable
from .details import AUDIENCES, CustomerPage, crumbs


class ResourceListView(PortalListView):
    """One tab of View Resources. Resellers' customers are only looked at here (04-RES-04)."""

    permission = VIEW_RESOURCES
    audiences = AUDIENCES
    below = ("association_id",)
    export_permission = VIEW_RESOURCES
    template_name = "customers/resources/list.html"
    #: Addresses of the tabs, in order.
    names: ClassVar[tuple[str, ...]] = (
        "customers:resources-term",
        "customers:resources-usage",
        "customers:resources-reserved",
        "customers:resources-savings",
    )
    name: ClassVar[str]
    empty_title = gettext_lazy("No resources here")
    empty_text = gettext_lazy("Resources of this kind stand here as soon as the customer has some.")
    empty_icon = "server"

    @cached_property
    def association(self) -> Association:
        """The customer's association."""
        return queries.get_customer(self.actor, self.kwargs["association_id"])

    @property
    def may_export(self) -> bool:
        """Whether this tab of this customer has an export."""
        own = row_operations.is_own(self.actor, self.association)
        return bool(self.export_name) and own and self.actor.can(self.export_permission)

    def post_export(self) -> HttpResponse:
        """Export what the tab holds of the customer (04-RES-02, RES-03)."""
        if not self.may_export:
            raise NotFound
        return super().post_export()

    def get_extra_context(self) -> dict[str, Any]:
        """Whose resources they are, and the tabs."""
        return {
            "association": self.association,
            "customer": self.association.customer,
            "kinds": self.kinds(),
            "can_export": self.may_export,
            "has_ticks": self.may_export,
            "crumbs": crumbs(self.request, self.association, _("Resources")),
        }

    def kinds(self) -> list[dict[str, Any]]:
        """The tabs, or on Customer Details the segments, of the kinds of resources."""
        key = self.kwargs["association_id"]
        return [
            {"label": LABELS[name], "url": reverse(name, args=[key]), "current": name == self.name}
            for name in self.names
        ]


class TermResourcesView(ResourceListView):
    """Yearly/Monthly Resources."""

    name = "customers:resources-term"
    title = gettext_lazy("Yearly/Monthly Resources")
    list_name = "term_resources"
    queryset = staticmethod(resources.list_term)
    filterset_class = TermFilterSet
    table_class = TermTable
    export_name = "term_resources"


class UsageResourcesView(ResourceListView):
    """Pay-per-use Resources."""

    name = "customers:resources-usage"
    title = gettext_lazy("Pay-per-use Resources")
    list_name = "usage_resources"
    queryset = staticmethod(resources.list_usage)
    filterset_class = UsageFilterSet
    table_class = UsageTable
    export_name = "usage_resources"


class ReservedResourcesView(ResourceListView):
    """Reserved Instance: never exported (D-58)."""

    name = "customers:resources-reserved"
    title = gettext_lazy("Reserved Instance")
    list_name = "reserved_resources"
    queryset = staticmethod(resources.list_reserved)
    filterset_class = ReservedFilterSet
    table_class = ReservedTable


class SavingsResourcesView(ResourceListView):
    """Savings Plans: only looked at here (04-RES-03)."""

    name = "customers:resources-savings"
    title = gettext_lazy("Savings Plans")
    list_name = "savings_resources"
    queryset = staticmethod(resources.list_savings)
    filterset_class = SavingsFilterSet
    table_class = ReservedTable


class _ResourcesTab(CustomerPage):
    """The tab Resources of Customer Details: view and export (04-CUD-11, 06-DCU-13)."""

    permission = VIEW_RESOURCES
    template_name = "customers/management/resources.html"
    tab = "customers:resources"
    names = ("customers:resources", "customers:details-usage", "customers:details-savings")
    #: The masked value of the header that is shown in full.
    shown_field = ""

    @property
    def may_export(self) -> bool:
        """Everything on this tab is exported, resellers' customers included."""
        return self.actor.can(self.export_permission)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One of the list's changes, or a masked value of the header in full."""
        if "field" not in request.POST:
            return super().post(request, *args, **kwargs)
        shown = self.reveal(kwargs["association_id"])
        if isinstance(shown, HttpResponse):
            return shown
        self.shown_field = shown
        return self.show()

    def get_extra_context(self) -> dict[str, Any]:
        around = self.around(self.association, self.shown_field)
        return (
            around
            | super().get_extra_context()
            | {"crumbs": crumbs(self.request, self.association, _("Customer Details"))}
        )


class TermResourcesTab(_ResourcesTab, TermResourcesView):
    """Yearly/monthly resources on Customer Details."""

    name = "customers:resources"
    list_name = "details_term_resources"


class UsageResourcesTab(_ResourcesTab, UsageResourcesView):
    """Pay-per-use resources on Customer Details."""

    name = "customers:details-usage"
    list_name = "details_usage_resources"


class SavingsResourcesTab(_ResourcesTab, SavingsResourcesView):
    """Savings plans on Customer Details: here they are exported (D-58)."""

    name = "customers:details-savings"
    list_name = "details_savings_resources"
    export_name = "savings_resources"


LABELS = {
    "customers:resources-term": gettext_lazy("Yearly/Monthly Resources"),
    "customers:resources-usage": gettext_lazy("Pay-per-use Resources"),
    "customers:resources-reserved": gettext_lazy("Reserved Instance"),
    "customers:resources-savings": gettext_lazy("Savings Plans"),
    "customers:resources": gettext_lazy("Yearly/Monthly"),
    "customers:details-usage": gettext_lazy("Pay-per-use"),
    "customers:details-savings": gettext_lazy("Savings Plans"),
}
