"""The page Adjust Price (04 §8.3.3.2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from partner_center import clock
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..forms.adjusting import OrderPriceForm, ResourcePriceForm
from ..permissions import ADJUST_PRICES
from ..queries import adjusting as queries
from ..queries.adjusting import PricedOrder
from ..services import adjusting as services

Form = OrderPriceForm | ResourcePriceForm


class AdjustPriceView(PortalView):
    """Tabs Adjust Order Price and Adjust Resource Price; Calculate shows without changing."""

    permission = ADJUST_PRICES
    audiences = frozenset({Audience.PARTNER})

    def get(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """The form, with the present discounts."""
        form = self._form_class(
            initial={"seen": queries.seen_of(self._priced.order)}, priced=self._priced
        )
        return self._page(form, self._priced)

    def post(self, request: HttpRequest, order_id: int) -> HttpResponseBase:
        """Calculate, or adjust."""
        form = self._form_class(request.POST, priced=self._priced)
        if not form.is_valid():
            return self._page(form, self._priced, status=422)
        try:
            shown = self._priced.with_discounts(form.amounts())
            if "preview" in request.POST:
                return self._page(form, shown)
            self._adjust(form)
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            add_refusal(form, refusal)
            return self._page(form, self._priced, status=422)
        messages.success(request, _("Order price adjusted successfully"))
        return redirect("customer_orders:details", order_id)

    def _adjust(self, form: Form) -> None:
        seen, order_id = form.cleaned_data["seen"], self.kwargs["order_id"]
        if isinstance(form, ResourcePriceForm):
            services.adjust_items(self.actor, order_id, discounts=form.discounts, seen=seen)
        else:
            discount = form.cleaned_data[services.ORDER_FIELD]
            services.adjust_order(self.actor, order_id, discount=discount, seen=seen)

    @property
    def _by_resource(self) -> bool:
        return self.request.GET.get("tab") == "resource"

    @property
    def _form_class(self) -> type[OrderPriceForm] | type[ResourcePriceForm]:
        return ResourcePriceForm if self._by_resource else OrderPriceForm

    @cached_property
    def _priced(self) -> PricedOrder:
        return queries.priced(self.actor, self.kwargs["order_id"], clock.now())

    def _page(self, form: Form, shown: PricedOrder, status: int = 200) -> HttpResponse:
        order = shown.order
        details = reverse("customer_orders:details", args=[order.pk])
        context = {
            "title": _("Adjust Price"),
            "form": form,
            "shown": shown,
            "rows": [(each, self._field(form, each.field)) for each in shown.items],
            "order": order,
            "by_resource": self._by_resource,
            "tabs": self._tabs(),
            "submit_label": _("OK"),
            "cancel_url": details,
            "crumbs": [(order.order_no, details), (_("Adjust Price"), "")],
        }
        return render(self.request, "orders/partner/adjust.html", context, status=status)

    def _field(self, form: Form, name: str) -> Any:
        return form[name] if name in form.fields else None

    def _tabs(self) -> list[dict[str, Any]]:
        path = self.request.path
        return [
            {"label": _("Adjust Order Price"), "url": path, "current": not self._by_resource},
            {
                "label": _("Adjust Resource Price"),
                "url": f"{path}?tab=resource",
                "current": self._by_resource,
            },
        ]
