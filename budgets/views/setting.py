"""Set Budget, for one customer or for several."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers import row_operations
from partner_center import clock
from partner_center.lists import selection
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import AdjustmentSource, BudgetType, ExhaustionAction
from ..forms.setting import BudgetForm
from ..permissions import SET_BUDGETS
from ..queries import agreement
from ..queries import budgets as queries
from ..services import setting as services

PARTNERS = frozenset({Audience.PARTNER})


class SetBudgetView(PortalView):
    """Type, amount and action of one customer or of several (04-BUD-02 to BUD-11, OTB, ONE)."""

    permission = SET_BUDGETS
    audiences = PARTNERS
    template_name = "budgets/budget/set.html"

    def get(self, request: HttpRequest, association_id: int = 0) -> HttpResponse:
        """The form, filled with what is set."""
        return self._page(self._form(initial=self._initial()))

    def post(self, request: HttpRequest, association_id: int = 0) -> HttpResponseBase:
        """Set it."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            services.set_budgets(
                self.actor,
                association_ids=self._wanted,
                wish=form.wish,
                source=AdjustmentSource.SINGLE if association_id else AdjustmentSource.BATCH,
                seen=form.cleaned_data["seen"],
            )
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            add_refusal(form, refusal)
            return self._page(form, status=422)
        messages.success(request, _("The budget has been set successfully."))
        return redirect(row_operations.page_after(request.GET, association_id or None))

    @property
    def _wanted(self) -> list[int]:
        one = self.kwargs.get("association_id")
        return [one] if one else selection.read(self.request)

    def _form(self, *args: Any, **kwargs: Any) -> BudgetForm:
        return BudgetForm(*args, types=BudgetType.values, is_frozen=True, **kwargs)

    def _initial(self) -> dict[str, Any]:
        return {
            "type": BudgetType.MONTHLY,
            "action": ExhaustionAction.MANUAL,
            "agreed_version": agreement.in_force(clock.now()).version,
            "seen": queries.seen_of(self._wanted),
        }

    def _page(self, form: BudgetForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Set Budget"),
            "form": form,
            "submit_label": _("OK"),
            "cancel_url": row_operations.page_after(
                self.request.GET, self.kwargs.get("association_id")
            ),
        }
        return render(self.request, self.template_name, context, status=status)
