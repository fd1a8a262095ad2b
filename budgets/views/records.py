"""Adjustment Records: what was changed of one customer's budget (04-BUD-08, ONE-09)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.permissions import EXPORT_CUSTOMERS, VIEW_CUSTOMERS
from customers.queries.management import get_customer
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience

from ..filters.records import AdjustmentFilterSet
from ..queries import budgets as queries
from ..queries import places
from ..tables.records import AdjustmentTable


class AdjustmentListView(PortalListView):
    """Every change of one customer's budget, newest first."""

    permission = VIEW_CUSTOMERS
    audiences = frozenset({Audience.PARTNER})
    title = _("Adjustment Records")
    list_name = "budget-adjustments"
    queryset = staticmethod(queries.adjustments_of)
    below = ("association_id",)
    filterset_class = AdjustmentFilterSet
    table_class = AdjustmentTable
    export_name = "budget_adjustments"
    export_permission = EXPORT_CUSTOMERS
    basis = _(
        "Every change of the budget of this customer, whoever made it. Records are never changed."
    )
    empty_title = _("No adjustments yet")
    empty_text = _("As soon as a budget is set for this customer, every change of it stands here.")
    empty_icon = "history"

    def get_extra_context(self) -> dict[str, Any]:
        """The way back to the customer."""
        customer = get_customer(self.actor, self.kwargs["association_id"])
        return {"crumbs": places.crumbs(self.actor, [customer], str(self.title))}
