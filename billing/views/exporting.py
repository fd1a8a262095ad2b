"""Export Bills (05-BQY-16)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

import exports.services
from partner_center import clock
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal, tell_export

from ..exporters.bills import BILLS
from ..forms.bills import ExportBillsForm
from ..permissions import VIEW_BILLS
from ..queries import bills
from .bills import AUDIENCES, address, read_cycle


class ExportBillsView(PortalView):
    """Asks for the range of months, creates the task and goes back to the month."""

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
        asked = {name: form.cleaned_data[name] for name in ("begins", "ends")}
        file_format = form.cleaned_data["file_format"]
        try:
            exports.services.create_export(self.actor, BILLS.name, asked, file_format)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=422)
        tell_export(request, _("The export task was created successfully."))
        return redirect(self._back())

    def _form(self, data: Any) -> ExportBillsForm:
        moment = clock.now()
        rows = bills.months(self.actor, moment)
        cycle = self._proposed(rows, str(read_cycle(self.request, moment)))
        initial = {"begins": cycle, "ends": cycle}
        return ExportBillsForm([row.cycle for row in rows], data=data, initial=initial)

    def _proposed(self, rows: list[bills.MonthRow], seen: str) -> str:
        """The month seen, or the latest issued one: an estimate would export nothing."""
        issued = [row.cycle for row in rows if row.amount is not None and not row.is_estimate]
        return seen if seen in issued or not issued else issued[0]

    def _show(self, form: ExportBillsForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Export Bills"),
            "form": form,
            "submit_label": _("OK"),
            "cancel_url": self._back(),
        }
        return render(self.request, "billing/bills/export.html", context, status=status)

    def _back(self) -> str:
        return address(cycle=str(read_cycle(self.request, clock.now())))
