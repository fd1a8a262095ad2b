"""My Resources, Renewals and Unsubscriptions, and the page of one resource."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from budgets.queries.guard import Operation
from catalog.choices import BillingMode
from metering.queries.commitments import utilization
from partner_center import clock
from partner_center.lists.listing import SavedView
from partner_center.lists.views import PortalListView
from resources.choices import ExpiryPolicy
from resources.permissions import VIEW_RESOURCES
from resources.queries import reach

from ..filters.console import RenewalFilterSet, ResourceFilterSet
from ..permissions import BUY
from ..queries import mine
from ..tables.console import (
    MyResourceTable,
    RenewalTable,
    UnsubscriptionTable,
    menu_of,
    restriction_context,
)
from . import renewals
from .console import CUSTOMERS, ConsolePage

_RESERVED = Q(mode__in=[BillingMode.RESERVED_UPFRONT, BillingMode.RESERVED_HOURLY])


class _ResourceList(PortalListView):
    """A list of the account's resources, with what restricts them on top."""

    permission = VIEW_RESOURCES
    audiences = CUSTOMERS
    filterset_class = ResourceFilterSet
    template_name = "orders/console/resources.html"
    empty_title = gettext_lazy("No resources yet")
    empty_text = gettext_lazy("What you buy stands here, and what is metered for your account.")
    empty_icon = "server"
    empty_action = (gettext_lazy("All Products"), "console:products")

    def get_extra_context(self) -> dict[str, Any]:
        """What stands on top while the account is frozen."""
        return restriction_context(self.request, self.actor)


class MyResourcesView(_ResourceList):
    """My Resources, by billing mode."""

    title = gettext_lazy("My Resources")
    list_name = "my_resources"
    queryset = staticmethod(mine.resources)
    table_class = MyResourceTable
    saved_views = (
        SavedView("all", gettext_lazy("All")),
        SavedView("period", gettext_lazy("Yearly/Monthly"), Q(mode=BillingMode.YEARLY_MONTHLY)),
        SavedView("usage", gettext_lazy("Pay-per-use"), Q(mode=BillingMode.PAY_PER_USE)),
        SavedView("reserved", gettext_lazy("Reserved Instances"), _RESERVED),
        SavedView("savings", gettext_lazy("Savings Plans"), Q(mode=BillingMode.SAVINGS_PLAN)),
        SavedView("packages", gettext_lazy("Resource Packages"), Q(mode=BillingMode.PACKAGE)),
    )


class RenewalsView(_ResourceList):
    """Renewals: when terms end and what happens then."""

    permission = BUY
    title = gettext_lazy("Renewals")
    list_name = "my_renewals"
    queryset = staticmethod(mine.renewals)
    table_class = RenewalTable
    filterset_class = RenewalFilterSet
    batch_actions = (renewals.Renew, renewals.SwitchOn, renewals.SwitchOff)
    template_name = "orders/console/renewals.html"
    saved_views = (
        SavedView("all", gettext_lazy("All")),
        SavedView("auto", gettext_lazy("Auto-renewal"), Q(expiry_policy=ExpiryPolicy.AUTO_RENEW)),
        SavedView(
            "usage",
            gettext_lazy("Pay-per-use after expiry"),
            Q(expiry_policy=ExpiryPolicy.TO_PAY_PER_USE),
        ),
        SavedView("expired", gettext_lazy("Expired"), Q(status="expired"), urgent=True),
    )
    empty_title = gettext_lazy("Nothing to renew")
    empty_text = gettext_lazy("What was ordered for a term stands here with the day it expires.")

    def get_extra_context(self) -> dict[str, Any]:
        """Also the rules of renewals."""
        rules = reach.settings_of(self.actor.account_id)
        return super().get_extra_context() | {"rules": rules}


class UnsubscriptionsView(_ResourceList):
    """Unsubscriptions: what was ordered and can be given back."""

    permission = BUY
    title = gettext_lazy("Unsubscriptions")
    list_name = "my_unsubscriptions"
    queryset = staticmethod(mine.unsubscribable)
    table_class = UnsubscriptionTable
    template_name = "orders/console/unsubscriptions.html"
    empty_title = gettext_lazy("Nothing to unsubscribe")
    empty_text = gettext_lazy("Resources that were ordered for a term stand here.")


class ResourceView(ConsolePage):
    """Everything about one resource; closed while it is frozen with the account (04 matrix)."""

    permission = VIEW_RESOURCES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        resource = reach.get_own(self.actor, pk)
        known = mine.restrictions(self.actor)
        if refusal := known.about(is_frozen=resource.is_frozen).refusal_for(Operation.VIEW):
            raise refusal
        deeds = mine.deeds_of(resource, known)
        context = {
            "title": str(resource),
            "record": resource,
            "deeds": deeds,
            "menu": menu_of(deeds),
            "utilization": utilization(self.actor, resource, clock.now()),
            "attached": mine.resources(self.actor).filter(parent=resource),
            "failure": mine.last_failure(resource),
            "crumbs": [(str(resource), "")],
        }
        return render(request, "orders/console/resource.html", context)
