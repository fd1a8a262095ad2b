"""Freeze Records: every freeze and unfreeze of the partner's customers (04-BFM-14)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from customers.permissions import EXPORT_CUSTOMERS, VIEW_CUSTOMERS
from partner_center.actors import Actor
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience

from ..filters.freezing import FreezeRecordFilterSet, ResellerFreezeRecordFilterSet
from ..queries import freezing as queries
from ..tables.freezing import FreezeRecordTable, ResellerFreezeRecordTable


class FreezeRecordListView(PortalListView):
    """Of the partner's own customers, newest first."""

    permission = VIEW_CUSTOMERS
    audiences = frozenset({Audience.PARTNER})
    title = gettext_lazy("Freeze Records")
    list_name = "freeze_records"
    queryset = staticmethod(queries.records_of)
    filterset_class = FreezeRecordFilterSet
    table_class = FreezeRecordTable
    export_name = "freeze_records"
    export_permission = EXPORT_CUSTOMERS
    basis = gettext_lazy(
        "Every freeze and unfreeze, by users and by the system, with state before and after. "
        "Records are never changed."
    )
    template_name = "budgets/freezing/records.html"
    empty_title = gettext_lazy("No freeze records yet")
    empty_text = gettext_lazy(
        "As soon as one of your customers is frozen or unfrozen, by whomever, it stands here."
    )
    empty_icon = "snowflake"
    page: ClassVar[str] = "budgets:freeze-records"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs of distributors."""
        return {
            "sections": _sections(self.actor, self.page),
            "crumbs": [(str(self.title), "")],
        }


class ResellerFreezeRecordListView(FreezeRecordListView):
    """Of the customers of a distributor's resellers (06-DX-01)."""

    list_name = "resellers_freeze_records"
    queryset = staticmethod(queries.records_of_resellers)
    filterset_class = ResellerFreezeRecordFilterSet
    table_class = ResellerFreezeRecordTable
    export_name = "resellers_freeze_records"
    page = "budgets:resellers-freeze-records"
    empty_text = gettext_lazy(
        "As soon as a customer of one of your resellers is frozen or unfrozen, it stands here."
    )


def _sections(actor: Actor, current: str) -> list[dict[str, Any]]:
    if actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return []
    tabs = (
        ("budgets:freeze-records", _("Customers")),
        ("budgets:resellers-freeze-records", _("Resellers’ Customers")),
    )
    return [
        {"label": label, "url": reverse(name), "current": name == current} for name, label in tabs
    ]
