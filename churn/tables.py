"""Tables of Customer Alerts (04-ALH-03, ALV-01)."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.actors import Scope
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable

from . import queries
from .models import CustomerAlert


class ScenarioColumn(PortalColumn):
    """The scenario, which opens to show alert details and handling information."""

    def __init__(self) -> None:
        super().__init__(
            _("Scenario"),
            accessor="scenario",
            fixed=True,
            orderable=False,
            select=["association__customer"],
        )

    def render(self, record: CustomerAlert) -> SafeString:
        return render_to_string("churn/parts/details.html", {"alert": record})


def _customer_page(record: CustomerAlert, table: Any) -> str | None:
    """The customer's page; directors read alerts of customers that are none of theirs (S-06)."""
    if table.actor.scope == Scope.TEAM:
        return None
    return reverse("customers:details", args=[record.association_id])


class CustomerColumn(PortalColumn):
    """Account name and, masked under it, the customer name."""

    def __init__(self) -> None:
        super().__init__(
            _("Customer/Account Name"),
            accessor="association__customer__name",
            second="association__customer__full_name",
            second_mask=masking.NAME,
            select=["association__customer"],
            linkify=_customer_page,
        )


class ManagerColumn(PortalColumn):
    """Who looks after the customer now."""

    def __init__(self) -> None:
        super().__init__(
            _("Account Manager"),
            accessor="manager_name",
            annotate={"manager_name": queries.manager_name()},
        )


class _AlertsTable(PortalTable):
    """Rows bear the customer's account name."""

    def name_of(self, record: CustomerAlert) -> str:
        return record.association.customer.name


class HandleTable(_AlertsTable):
    """Tab Handle Alerts."""

    scenario = ScenarioColumn()
    type = PortalColumn(_("Alert Type"), orderable=False)
    title = PortalColumn(_("Title"), orderable=False)
    customer = CustomerColumn()
    raised_at = TimeColumn(_("Alerted"))
    status = BadgeColumn(_("Status"), family="alert")
    operation = ActionsColumn("churn/parts/operations.html")
    default_order = ("-raised_at",)


class ViewTable(_AlertsTable):
    """Tab View Alerts."""

    scenario = ScenarioColumn()
    type = PortalColumn(_("Alert Type"), orderable=False)
    title = PortalColumn(_("Title"), orderable=False)
    customer = CustomerColumn()
    raised_at = TimeColumn(_("Alerted"))
    manager = ManagerColumn()
    status = BadgeColumn(_("Status"), family="alert")
    default_order = ("-raised_at",)


class ResellerViewTable(_AlertsTable):
    """Tab View Alerts of a distributor: its resellers' customers."""

    scenario = ScenarioColumn()
    type = PortalColumn(_("Alert Type"), orderable=False)
    title = PortalColumn(_("Title"), orderable=False)
    customer = CustomerColumn()
    reseller = PortalColumn(
        _("Reseller"), accessor="account__full_name", second="account__name", select=["account"]
    )
    raised_at = TimeColumn(_("Alerted"))
    manager = ManagerColumn()
    status = BadgeColumn(_("Status"), family="alert")
    default_order = ("-raised_at",)
