"""Partner Information > Basic Information > Budget Quota: what a reseller may give its customers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

import budgets.queries.quotas
from customers.permissions import VIEW_CUSTOMERS

from .information import InformationView


class BudgetQuotaView(InformationView):
    """Total quota = quota allocated + quota available, by type (04-BFM-12, 07-RBUD-11, RBUD-13)."""

    tab = "budget-quota"
    template_name = "accounts/information/budget_quota.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the types that the distributor has granted; read only."""
        return self.show(
            quotas=budgets.queries.quotas.quotas_of(self.actor.account_id),
            may_view_customers=self.actor.can(VIEW_CUSTOMERS),
        )
