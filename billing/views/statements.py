"""Funds: Account Statements (05 §8.4.2.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from partner_center import clock
from partner_center.lists.listing import ListDefinition
from partner_center.lists.views import PortalListView

from ..filters.funds import StatementFilterSet
from ..permissions import VIEW_FUNDS
from ..queries import funds as queries
from ..tables.funds import DistributorStatementTable, StatementTable
from .funds_base import PARTNERS


class StatementsView(PortalListView):
    """Income and expenditure of the top-up account, with the balance after each (STM-01 to STM-06)."""

    permission = VIEW_FUNDS
    audiences = PARTNERS
    title = gettext_lazy("Account Statements")
    list_name = "account_statements"
    basis = gettext_lazy("USD; the balance is that after the entry.")
    queryset = staticmethod(queries.list_statements)
    filterset_class = StatementFilterSet
    table_class = StatementTable
    export_name = "account_statements"
    export_permission = VIEW_FUNDS
    export_message = gettext_lazy("Records exported successfully")
    template_name = "billing/funds/statements.html"
    empty_title = gettext_lazy("No transactions in the last 12 months")
    empty_text = gettext_lazy("Top-ups and payments of your bills stand here.")
    empty_icon = "coin"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """A distributor's page has its own heads and order of columns."""
        super().setup(request, *args, **kwargs)
        actor = getattr(request, "actor", None)
        if actor is not None and actor.partner_kind == PartnerKind.DISTRIBUTOR:
            self.table_class = DistributorStatementTable  # type: ignore[misc]
            self.list_name = self.export_name = "distributor_statements"  # type: ignore[misc]

    def page_definition(self) -> ListDefinition:
        """The list with the columns of this partner."""
        return replace(super().page_definition(), table_class=self.table_class)

    def get_extra_context(self) -> dict[str, Any]:
        """Since when entries are searchable, and whom to ask for older ones (STM-03)."""
        return {
            "since": queries.searchable_from(clock.now()),
            "is_distributor": self.actor.partner_kind == PartnerKind.DISTRIBUTOR,
        }


def distributor_definition() -> ListDefinition:
    """The distributor's list without a request, for its exporter."""
    return replace(StatementsView.definition(), table_class=DistributorStatementTable)
