"""Sales > Customers > Customer Expenditure (04 §8.3.4, 06 §9.2.3.4, 07 §9.3.3.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import customers.queries.management
import exports.services
from catalog.choices import BillingMode
from customers.choices import AssociationModel
from partner_center import clock, money
from partner_center.clock import BillingCycle
from partner_center.lists.listing import ListDefinition, Listing
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal, tell_export

from ..exporters import BILLS, DETAILS
from ..filters.expenditure import IN_SUMS, ExpenditureFilterSet
from ..forms.expenditure import CustomerBillsForm, DetailsExportForm, SummaryForm
from ..permissions import VIEW_EXPENDITURE
from ..queries import amounts, details, summary
from ..queries.summary import Day, Wanted
from ..rules.explaining import explain
from ..rules.spending import cycles_kept, summed_up_to
from ..rules.sums import exact_sum
from ..rules.wording import bill_type_words, last_second, trade_number
from ..tables.expenditure import ExpenditureTable

AUDIENCES = frozenset({Audience.PARTNER})
ROWS_A_PAGE = 20


class SummaryView(PortalView):
    """The tab Expenditure Summary (04-EXS-01 to EXS-07)."""

    permission = VIEW_EXPENDITURE
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a month: totals, the month by day, and the customers' expenditures or refunds."""
        moment = clock.now()
        form = SummaryForm(self.actor, moment, data=request.GET)
        is_refunds = request.GET.get("records") == "refunds"
        wanted = Wanted(**form.wanted(), refunds=is_refunds)
        days = summary.days(self.actor, wanted, moment)
        context = {
            "title": _("Customer Expenditure"),
            "tabs": tabs("expenditure:summary"),
            "form": form,
            "notes": [_wrong_value(form, name) for name in form.errors],
            "is_filtered": bool(wanted.customer or wanted.manager_id or wanted.model),
            "wanted": wanted,
            "kinds": self._kinds(wanted),
            **_totals(days),
            "days": days,
            "chart": _chart(wanted.cycle, days),
            "shown_to": summed_up_to(moment),
            **self._rows(wanted, moment),
        }
        return render(request, "metering/expenditure/summary.html", context)

    def _rows(self, wanted: Wanted, moment: datetime) -> dict[str, Any]:
        found = Paginator(summary.rows(self.actor, wanted, moment), ROWS_A_PAGE)
        page = found.get_page(self.request.GET.get("page"))
        rows = list(page.object_list)
        parts = summary.products(self.actor, wanted, moment, rows) if rows else {}
        return {
            "page": page,
            "pages": found.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "rows": [self._row(wanted, row, parts) for row in rows],
        }

    def _row(self, wanted: Wanted, row: dict[str, Any], parts: Any) -> dict[str, Any]:
        key = tuple(row[name] for name in summary.ROW_KEY)
        asked = {
            "cycle": wanted.cycle,
            "q": row["account_name"],
            "service": row["service_type_id"],
            "mode": row["mode"],
        }
        return {
            **_figures(row),
            "mode_words": BillingMode(row["mode"]).label,
            "model_words": AssociationModel(row["model"]).label,
            "details_url": f"{reverse('expenditure:details')}?{urlencode(asked)}",
            "parts": [
                {**_figures(part), "days_url": _days_url(wanted, row, part)}
                for part in parts.get(key, ())
            ],
        }

    def _kinds(self, wanted: Wanted) -> list[dict[str, Any]]:
        labels = {"": _("Customer Expenditures"), "refunds": _("Refunds")}
        query = self.request.GET.copy()
        query.pop("page", None)
        found = []
        for key, label in labels.items():
            query["records"] = key
            current = wanted.refunds == bool(key)
            found.append({"label": label, "url": f"?{query.urlencode()}", "current": current})
        return found


class DaysView(PortalView):
    """What one product cost one customer day by day; a drawer beside the summary."""

    permission = VIEW_EXPENDITURE
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the days. Raises NotFound when the actor has no such spend."""
        moment = clock.now()
        wanted = Wanted(
            **SummaryForm(self.actor, moment, data=request.GET).wanted(),
            refunds=request.GET.get("records") == "refunds",
        )
        rows = summary.product_days(
            self.actor,
            wanted,
            moment,
            customer=request.GET.get("account", ""),
            product=request.GET.get("product", ""),
            mode=request.GET.get("mode", ""),
        )
        first = rows[0]
        asked = {"cycle": wanted.cycle, "q": first["account_name"]}
        context = {
            "title": first["product_name"],
            "account_name": first["account_name"],
            "wanted": wanted,
            "rows": [_figures(row) for row in rows],
            "total": money.to_places(exact_sum(row["amount"] for row in rows), amounts.PLACES),
            "details_url": f"{reverse('expenditure:details')}?{urlencode(asked)}",
        }
        return render(request, "metering/expenditure/days.html", context)


class DetailsView(PortalListView):
    """The tab Expenditure Details (04-EXD-01, EXD-02)."""

    permission = VIEW_EXPENDITURE
    audiences = AUDIENCES
    title = gettext_lazy("Customer Expenditure")
    list_name = "expenditure_details"
    queryset = staticmethod(details.list_charges)
    filterset_class = ExpenditureFilterSet
    table_class = ExpenditureTable
    template_name = "metering/expenditure/details.html"
    history_label = gettext_lazy("View Export")
    empty_title = gettext_lazy("No expenditure in this billing cycle")
    empty_text = gettext_lazy(
        "What your customers use and buy stands here as soon as it is charged."
    )
    empty_icon = "receipt"

    @property
    def cycle(self) -> str:
        """The billing cycle of the address; the current one when it names none that is kept."""
        kept = cycles_kept(clock.now())
        asked = self.request.GET.get("cycle", "")
        return asked if asked in kept else kept[0]

    def page_definition(self) -> ListDefinition:
        """The list of the cycle, which decides the partition that is read."""
        cycle = self.cycle
        return replace(
            self.definition(),
            queryset=partial(details.list_charges, cycle=cycle),
            counter=partial(count, cycle),
        )

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs, and where the export is asked for."""
        return {
            "sections": tabs("expenditure:details"),
            "export_url": f"{reverse('expenditure:export-details')}?{self.request.GET.urlencode()}",
            "cycle": self.cycle,
            "asks_for_older": _asks_for_older(self.request.GET.get("cycle", "")),
        }


class ChargeView(PortalView):
    """How one amount came about: a drawer beside the details."""

    permission = VIEW_EXPENDITURE
    audiences = AUDIENCES

    def get(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Show the computation of one charge."""
        charge = details.get_charge(self.actor, record_id)
        context = {
            "title": charge.product.name,
            "charge": charge,
            "steps": explain(details.facts_of(charge)),
            "trade": trade_number(charge.order_no, charge.pk),
            "bill_type": bill_type_words(charge.bill_type, charge.mode),
            "ends": last_second(charge.ended_at),
            "details_url": f"{reverse('expenditure:details')}?"
            + urlencode({"cycle": charge.cycle, "resource_id": charge.resource_id}),
        }
        return render(request, "metering/expenditure/charge.html", context)


class CustomerView(PortalView):
    """View Expenditure of a customer: the details, for its name alone (04 §8.3.1.1)."""

    permission = VIEW_EXPENDITURE
    audiences = AUDIENCES

    def get(self, request: HttpRequest, association_id: int) -> HttpResponse:
        """Go there. Raises NotFound for a customer whom the actor does not see."""
        association = customers.queries.management.get_customer(self.actor, association_id)
        query = urlencode({"q": association.customer.name})
        return redirect(f"{reverse('expenditure:details')}?{query}")


class _ExportDialog(PortalView):
    """Asks what is exported, creates the task and goes back to the tab."""

    permission = VIEW_EXPENDITURE
    audiences = AUDIENCES
    title: ClassVar[Any]
    back: ClassVar[str]

    def form(self, data: Any) -> Any:
        """The dialog's form, bound to what was posted or with its first values."""
        raise NotImplementedError

    def create(self, form: Any) -> None:
        """Create the task. Raises a refusal when it would be too large."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self._show(self.form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create the task, or show what is wrong."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.create(form)
            except Refusal as refusal:
                add_refusal(form, refusal)
            else:
                tell_export(request)
                return redirect(self._address())
        return self._show(form, status=422)

    def _show(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "title": self.title,
            "form": form,
            "submit_label": _("Export"),
            "cancel_url": self._address(),
        }
        return render(self.request, "metering/expenditure/export.html", context, status=status)

    def _address(self) -> str:
        return f"{reverse(self.back)}?{self.request.GET.urlencode()}"


class ExportBillsView(_ExportDialog):
    """Export Customer Bills (04-EXS-06)."""

    title = gettext_lazy("Export Customer Bills")
    back = "expenditure:summary"

    def form(self, data: Any) -> CustomerBillsForm:
        moment = clock.now()
        initial = SummaryForm(self.actor, moment, data=self.request.GET).wanted()
        initial |= {"spent_on": initial["cycle"], "manager": initial["manager_id"]}
        return CustomerBillsForm(self.actor, moment, data=data, initial=initial)

    def create(self, form: Any) -> None:
        asked = form.wanted() | {"records": form.cleaned_data["records"]}
        file_format = form.cleaned_data["file_format"]
        BILLS.refuse_too_many(self.actor, asked)
        exports.services.create_export(self.actor, BILLS.name, asked, file_format)


class ExportDetailsView(_ExportDialog):
    """Export Selected: the details of the list's filters, by transaction time (04-EXD-03)."""

    title = gettext_lazy("Export Selected")
    back = "expenditure:details"

    def form(self, data: Any) -> DetailsExportForm:
        moment = clock.now()
        kept = cycles_kept(moment)
        asked = self.request.GET.get("cycle", "")
        cycle = BillingCycle.parse(asked if asked in kept else kept[0])
        last_moment = min(moment, cycle.end - timedelta(microseconds=1))
        initial = {
            "begins": clock.business_date(cycle.start),
            "ends": clock.business_date(last_moment),
        }
        return DetailsExportForm(moment, data=data, initial=initial)

    def create(self, form: Any) -> None:
        begins, ends = form.period()
        asked = {
            "query": self.request.GET.urlencode(),
            "begins": begins.isoformat(),
            "ends": ends.isoformat(),
        }
        file_format = form.cleaned_data["file_format"]
        DETAILS.refuse_too_many(self.actor, asked)
        exports.services.create_export(self.actor, DETAILS.name, asked, file_format)


def count(cycle: str, listing: Listing) -> int:
    """How many charges the list holds: from the roll-ups, unless a filter needs the charges.

    Then the first 100,000 are counted and listed; a note says so when there are more.
    """
    chosen = set(listing.filterset.set_names())
    if chosen <= set(IN_SUMS):
        return _count_from_sums(cycle, listing, chosen)
    found: int = listing.filtered.values("pk")[: details.MOST_COUNTED + 1].count()
    if found > details.MOST_COUNTED:
        listing.notes.append(
            _("More than 100,000 records match. The first 100,000 are listed; a file holds all.")
        )
    return min(found, details.MOST_COUNTED)


def _count_from_sums(cycle: str, listing: Listing, chosen: set[str]) -> int:
    values = listing.filterset.form.cleaned_data if chosen else {}
    manager = values.get("manager")
    return details.count_from_sums(
        listing.filterset.request.actor,
        cycle,
        manager_id=manager.pk if manager else None,
        **{IN_SUMS[name]: values[name] for name in chosen if IN_SUMS[name]},
    )


def tabs(current: str) -> list[dict[str, Any]]:
    """Expenditure Summary and Expenditure Details."""
    labels = {
        "expenditure:summary": _("Expenditure Summary"),
        "expenditure:details": _("Expenditure Details"),
    }
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label in labels.items()
    ]


def _asks_for_older(cycle: str) -> bool:
    """Whether the address names a billing cycle that is no longer kept (04-EXD-02)."""
    try:
        return str(BillingCycle.parse(cycle)) < cycles_kept(clock.now())[-1]
    except ValueError:
        return False


def _wrong_value(form: SummaryForm, name: str) -> str:
    return _("“%(value)s” is no value of %(label)s. The list is not filtered by it.") % {
        "value": form.data.get(name, "")[:80],
        "label": form.fields[name].label,
    }


def _totals(days: list[Day]) -> dict[str, Decimal]:
    """The two totals of the page, to 2 decimals, half up (04 D-30)."""
    return {
        "total": money.round_due(exact_sum(day.amount for day in days)),
        "total_refunds": money.round_due(exact_sum(day.refunds for day in days)),
    }


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its amounts as the page prints them."""
    names = ("amount", "cash", "monthly", "coupons", "discount")
    return row | {name: money.to_places(row[name], amounts.PLACES) for name in names}


def _days_url(wanted: Wanted, row: dict[str, Any], part: dict[str, Any]) -> str:
    asked = {
        "spent_on": wanted.cycle,
        "account": row["customer_uid"],
        "product": part["product_code"],
        "mode": row["mode"],
        "manager": wanted.manager_id or "",
        "model": row["model"],
        "records": "refunds" if wanted.refunds else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('expenditure:days')}?{query}"


def _chart(cycle: str, days: list[Day]) -> dict[str, Any]:
    """The month by day, as a bar for each; days without spend are zero."""
    by_day = {found.day: found for found in days}
    first = BillingCycle.parse(cycle)
    every = [date(first.year, first.month, day) for day in range(1, first.days + 1)]
    series = [("amount", _("Expenditures"))]
    if any(found.refunds for found in days):
        series.append(("refunds", _("Refunds")))
    return {
        "categories": [f"{day:%b %d}" for day in every],
        "currency": "$",
        "description": _("Expenditure of %(cycle)s by day at list price, in USD.")
        % {"cycle": cycle},
        "series": [
            {
                "name": label,
                "stack": "spend",
                "values": [
                    money.round_due(getattr(by_day[day], key)) if day in by_day else 0
                    for day in every
                ],
            }
            for key, label in series
        ],
    }
