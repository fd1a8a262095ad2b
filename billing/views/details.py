"""Sales > Financial Information > Partner Bills, tab Consumed Product Details (05 §8.4.1.3, 8.4.1.5)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import exports.services
from partner_center import clock
from partner_center.lists.listing import ListDefinition, Listing
from partner_center.lists.views import PortalListView
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal, tell_export

from ..filters.details import IN_SUMS, DetailsFilterSet
from ..forms.details import ExportDetailsForm
from ..permissions import VIEW_BILLS
from ..queries import bills, details
from ..queries.details import Book
from ..rules import periods
from ..tables.details import DetailsTable
from .bills import AUDIENCES, read_cycle
from .tabs import tabs


class DetailsView(PortalListView):
    """The lines of one cycle, as billed or as estimated."""

    permission = VIEW_BILLS
    audiences = AUDIENCES
    title = gettext_lazy("Partner Bills")
    list_name = "bill_details"
    queryset = staticmethod(details.list_lines)
    filterset_class = DetailsFilterSet
    table_class = DetailsTable
    template_name = "billing/details/page.html"
    history_label = gettext_lazy("View Export")
    empty_title = gettext_lazy("No expenditure in this billing cycle")
    empty_text = gettext_lazy(
        "What your Reseller-model customers use and buy stands here as soon as it is charged."
    )
    empty_icon = "receipt"

    @cached_property
    def book(self) -> Book:
        """The cycle of the address; the running one when it names none."""
        return details.get_book(self.actor, str(read_cycle(self.request, clock.now())))

    def page_definition(self) -> ListDefinition:
        """The list of the cycle, which decides what is read."""
        return replace(
            self.definition(),
            queryset=lambda _actor: self.book.lines,
            counter=partial(count, self.book),
            reads_keys=self.book.bill is None,
            everything=lambda: self.book.count(Q()),
        )

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs, the banner of an estimate, and where the export is asked for."""
        cycle = read_cycle(self.request, clock.now())
        return {
            "sections": tabs("billing:details"),
            "cycle": self.book.cycle,
            "is_estimate": self.book.bill is None,
            "issue": periods.issue_from(cycle),
        }


class ExportDetailsView(PortalView):
    """Export Bill Details: asks for the cycle, creates the task and goes back to the tab."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self._show(self._form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create the task, or show what is wrong."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        asked = {"cycle": form.cleaned_data["cycle"]}
        layout, file_format = form.cleaned_data["layout"], form.cleaned_data["file_format"]
        try:
            exports.services.create_export(self.actor, layout, asked, file_format)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=422)
        tell_export(request, _("The export task was created successfully."))
        return redirect(self._back())

    def _form(self, data: Any) -> ExportDetailsForm:
        moment = clock.now()
        cycles = [row.cycle for row in bills.months(self.actor, moment)]
        cycle = str(read_cycle(self.request, moment))
        return ExportDetailsForm(cycles, data=data, initial={"cycle": cycle})

    def _show(self, form: ExportDetailsForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Export Bill Details"),
            "form": form,
            "submit_label": _("Export"),
            "cancel_url": self._back(),
        }
        return render(self.request, "billing/details/export.html", context, status=status)

    def _back(self) -> str:
        cycle = str(read_cycle(self.request, clock.now()))
        return f"{reverse('billing:details')}?{urlencode({'cycle': cycle})}"


def count(book: Book, listing: Listing) -> int:
    """How many lines the list holds: from sums, unless a filter needs the lines.

    Then the first 100,000 are counted and listed; a note says so when there are more.
    """
    chosen = set(listing.filterset.set_names())
    in_sums = IN_SUMS if book.bill is not None else IN_SUMS - {"settlement"}
    if chosen <= in_sums:
        return book.count(
            details.sums_filter(listing.filterset.form.cleaned_data if chosen else {})
        )
    found: int = listing.filtered.values("pk")[: details.MOST_COUNTED + 1].count()
    if found > details.MOST_COUNTED:
        listing.notes.append(
            _("More than 100,000 records match. The first 100,000 are listed; a file holds all.")
        )
    return min(found, details.MOST_COUNTED)
