"""Discounts that a partner grants its customers, and what the customer sees of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import clock
from partner_center.lists import selection
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.views import PortalView, add_refusal

from .. import row_operations
from ..filters.discounts import DiscountRecordFilterSet
from ..forms.discounts import DiscountForm
from ..models import PartnerDiscount
from ..permissions import SET_DISCOUNTS, VIEW_CUSTOMERS, VIEW_PARTNER
from ..queries import discounts as queries
from ..queries.management import get_customer
from ..services import discounts as services
from ..tables.discounts import DiscountRecordTable

PARTNERS = frozenset({Audience.PARTNER})


class SetDiscountView(PortalView):
    """Create Discount for one customer, Set Discount for several (04-DSC-04, DSC-05, DSC-07)."""

    permission = SET_DISCOUNTS
    audiences = PARTNERS
    template_name = "customers/discounts/set.html"

    def get(self, request: HttpRequest, association_id: int = 0) -> HttpResponse:
        """The form, filled with the present discount of one customer."""
        return self._page(self._form(initial=self._initial()))

    def post(self, request: HttpRequest, association_id: int = 0) -> HttpResponseBase:
        """Ask once more, then grant."""
        form = self._form(request.POST)
        if not form.is_valid() or "change" in request.POST:
            return self._page(form, status=422)
        if not form.cleaned_data["confirmed"]:
            return self._confirm(form)
        try:
            services.set_discounts(self.actor, self._wanted, setting=form.setting)
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            add_refusal(form, refusal)
            return self._page(form, status=422)
        messages.success(request, self._done(form.setting.percent))
        return redirect(self._back)

    @property
    def _back(self) -> str:
        return row_operations.page_after(self.request.GET, self.kwargs.get("association_id"))

    def _done(self, percent: int) -> str:
        if percent == 0:
            return _("The discount has been deleted.")
        return _("The discount has been granted successfully.")

    @property
    def _wanted(self) -> list[int]:
        one = self.kwargs.get("association_id")
        return [one] if one else selection.read(self.request)

    @cached_property
    def _maximum(self) -> int:
        # A customer that the actor cannot see is missing, whatever its own account may grant.
        if one := self.kwargs.get("association_id"):
            get_customer(self.actor, one)
        return queries.maximum_of(self.actor)

    def _form(self, *args: Any, **kwargs: Any) -> DiscountForm:
        found = self._present
        runs = found is not None and found.starts_on <= self._today
        since = found.starts_on if found and runs else None
        return DiscountForm(*args, maximum=self._maximum, in_effect_since=since, **kwargs)

    @cached_property
    def _today(self) -> date:
        return clock.business_date(clock.now())

    @cached_property
    def _present(self) -> PartnerDiscount | None:
        """The discount of the one customer whose page this is, in effect or to come."""
        wanted = self._wanted
        if len(wanted) != 1:
            return None
        return queries.present_of(self.actor, wanted[0], self._today)

    def _initial(self) -> dict[str, Any]:
        if (found := self._present) is None:
            return {"percent": 0, "starts_on": self._today}
        return {
            "percent": found.percent,
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
        }

    def _page(self, form: DiscountForm, status: int = 200) -> HttpResponse:
        return render(self.request, self.template_name, self._context(form), status=status)

    def _confirm(self, form: DiscountForm) -> HttpResponse:
        context = self._context(form) | {"setting": form.setting, "cancel_url": ""}
        return render(self.request, "customers/discounts/confirm.html", context)

    def _context(self, form: DiscountForm) -> dict[str, Any]:
        rows = list(queries.referral_customers(self.actor, self._wanted))
        if not rows:
            raise NotFound
        is_new = len(rows) == 1 and self._present is None
        return {
            "title": _("Create Discount") if is_new else _("Set Discount"),
            "form": form,
            "rows": rows,
            "left_out": len(set(self._wanted)) - len(rows),
            "maximum": self._maximum,
            "submit_label": _("Save"),
            "cancel_url": self._back,
        }


class DiscountRecordsView(PortalListView):
    """Operation Records of discounts (04-DSC-08)."""

    permission = VIEW_CUSTOMERS
    audiences = PARTNERS
    title = gettext_lazy("Operation Records of Discounts")
    list_name = "discount-records"
    queryset = staticmethod(queries.list_records)
    filterset_class = DiscountRecordFilterSet
    table_class = DiscountRecordTable
    empty_title = gettext_lazy("No discounts yet")
    empty_text = gettext_lazy(
        "When you grant a customer of the Referral model a discount, every change of it stands here."
    )
    empty_icon = "rosette-discount-check"

    def get_extra_context(self) -> dict[str, Any]:
        """The way back to Customer Management."""
        return {"crumbs": [(self.title, "")]}


class DiscountScopeView(PortalView):
    """What partner discounts apply to (04-DSC-09, 08-CSN-04 to CSN-06)."""

    permission = VIEW_CUSTOMERS
    audiences = PARTNERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The applicable scope."""
        context = {
            "title": _("Applicable scope of partner discounts"),
            "cancel_url": reverse("customers:list"),
        }
        return render(request, "customers/discounts/scope.html", context)


class MyDiscountsView(PortalView):
    """Billing Center > Coupons and Discounts > Commercial Discounts > Partner Discounts (08-CSN-01)."""

    permission = VIEW_PARTNER
    audiences = frozenset({Audience.CUSTOMER})

    def get(self, request: HttpRequest) -> HttpResponse:
        """What the partner has granted."""
        today: date = clock.business_date(clock.now())
        context = {
            "title": _("Commercial Discounts"),
            "discounts": queries.my_discounts(self.actor, today),
            "tabs": [{"label": _("Partner Discounts"), "url": request.path, "current": True}],
        }
        return render(request, "customers/discounts/mine.html", context)
