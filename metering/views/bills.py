"""The customer's Billing Center: bills at list price, resource packages (08-BUY-07, BUY-10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.queries import own
from catalog.choices import BillingMode
from partner_center import clock, money
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.views import PortalView
from resources.queries import projects

from ..filters.bills import DeductionFilterSet, PackageFilterSet
from ..permissions import VIEW_OWN_BILLS
from ..queries import amounts
from ..queries import bills as queries
from ..rules.explaining import plain
from ..rules.sums import exact_sum
from ..tables.bills import DeductionTable, PackageTable

AUDIENCES = frozenset({Audience.CUSTOMER})
ROWS_A_PAGE = 50
SHOWN_MONTHS = 12


class BillsView(PortalView):
    """A month by product. The figures are list prices (BUY-07)."""

    permission = VIEW_OWN_BILLS
    audiences = AUDIENCES
    tab: ClassVar[str] = "my_bills:bills"
    project: str | None = None

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one month; the current one unless the address names another that is kept."""
        moment = clock.now()
        months = queries.months(self.actor, moment)
        sums = dict(months)
        asked = request.GET.get("cycle", "")
        cycle = asked if asked in sums else months[0][0]
        self.project = self._project()
        total = (
            sums[cycle]
            if self.project is None
            else queries.total_of(self.actor, cycle, self.project)
        )
        limit = own.limit_of(self.actor, moment)
        context = {
            "title": _("Bills"),
            "cycle": cycle,
            "cycles": list(sums),
            "total": money.to_places(total, amounts.PLACES),
            "chart": _chart(months),
            "months": months[:SHOWN_MONTHS],
            "tabs": self._tabs(cycle),
            "projects": self.projects,
            "project": self.project,
            "limit": limit,
            "by_partner": limit is not None,
            **self.body(cycle),
        }
        return render(request, "metering/billing/bills.html", context)

    def body(self, cycle: str) -> dict[str, Any]:
        """The rows of the tab."""
        rows = queries.by_product(self.actor, cycle, self.project)
        return {"rows": [_figures(row) for row in rows], **_sums(rows)}

    @cached_property
    def projects(self) -> list[tuple[str, str]]:
        """Enterprise projects that can be chosen; none while there is only the default one."""
        own = projects.choices_of(self.actor.account_id)
        found = [(str(row.public_id), row.name) for row in own]
        return [(projects.DEFAULT_ID, projects.DEFAULT_NAME), *found] if found else []

    def _project(self) -> str | None:
        """The chosen project; what is none of the account's is no choice."""
        asked = self.request.GET.get("project", "")
        return asked if asked in dict(self.projects) else None

    def _tabs(self, cycle: str) -> list[dict[str, Any]]:
        labels = {"my_bills:bills": _("By Product"), "my_bills:resources": _("By Resource")}
        query = urlencode({"cycle": cycle} | ({"project": self.project} if self.project else {}))
        return [
            {"label": label, "url": f"{reverse(name)}?{query}", "current": name == self.tab}
            for name, label in labels.items()
        ]


class ResourcesView(BillsView):
    """The same month by resource."""

    tab = "my_bills:resources"

    def body(self, cycle: str) -> dict[str, Any]:
        found = Paginator(queries.by_resource(self.actor, cycle, self.project), ROWS_A_PAGE)
        page = found.get_page(self.request.GET.get("page"))
        return {
            "rows": [_figures(row) for row in page.object_list],
            "is_by_resource": True,
            "page": page,
            "pages": found.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        }


class PackageListView(PortalListView):
    """Resource packages with what is left of them (API B.36)."""

    permission = VIEW_OWN_BILLS
    audiences = AUDIENCES
    title = gettext_lazy("Resource Packages")
    list_name = "resource_packages"
    basis = gettext_lazy(
        "Usage is taken from packages first; only what they do not cover is charged."
    )
    queryset = staticmethod(queries.list_packages)
    filterset_class = PackageFilterSet
    table_class = PackageTable
    empty_title = gettext_lazy("No resource packages yet")
    empty_text = gettext_lazy("Packages that you buy stand here with their remaining quota.")
    empty_icon = "package"


class DeductionListView(PortalListView):
    """What was deducted from one package (API B.38)."""

    permission = VIEW_OWN_BILLS
    audiences = AUDIENCES
    title = gettext_lazy("Usage Details")
    list_name = "package_deductions"
    queryset = staticmethod(queries.list_deductions)
    below = ("quota_id",)
    filterset_class = DeductionFilterSet
    table_class = DeductionTable
    template_name = "metering/billing/deductions.html"
    empty_title = gettext_lazy("Nothing was deducted from this package yet")
    empty_icon = "package"

    def get_extra_context(self) -> dict[str, Any]:
        """The package that the rows belong to."""
        quota = queries.get_package(self.actor, self.kwargs["quota_id"])
        unit = quota.resource.product.pricing_unit
        return {
            "quota": quota,
            "left": plain(quota.quota - quota.used),
            "all": plain(quota.quota),
            "unit": unit.abbreviation if unit else "",
            "crumbs": [(quota.resource.product.name, "")],
        }


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    shown = {
        name: money.to_places(row[name], amounts.PLACES)
        for name in ("amount", "refunds", "discount", "due")
    }
    return row | shown | {"mode_words": BillingMode(row["mode"]).label}


def _sums(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of the table; discounts are shown only where there are any."""
    total = {name: exact_sum(row[name] for row in rows) for name in ("discount", "due")}
    shown = {name: money.to_places(value, amounts.PLACES) for name, value in total.items()}
    return {"has_discount": any(row["discount"] for row in rows), "sums": shown}


def _chart(months: list[tuple[str, Decimal]]) -> dict[str, Any]:
    shown = list(reversed(months[:SHOWN_MONTHS]))
    return {
        "categories": [cycle for cycle, _amount in shown],
        "currency": "$",
        "description": _("Expenditure of the last 12 months at list price, in USD."),
        "series": [
            {
                "name": _("Expenditure at list price"),
                "values": [money.round_due(amount) for _cycle, amount in shown],
                "estimate": [len(shown) - 1],
            }
        ],
    }
