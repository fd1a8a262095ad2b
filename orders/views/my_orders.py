"""My Orders: list, details, pay, cancel (08-BUY-01, BUY-08; 08 §10.4.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries import credit
from partner_center import clock, money
from partner_center.lists.views import PortalListView
from partner_center.refusals import NotFound, Refusal
from partner_center.views import add_refusal

from ..choices import OrderStatus, PaymentMethod
from ..filters.console import MyOrderFilterSet
from ..forms.buying import PayForm
from ..models import CustomerOrder
from ..permissions import BUY
from ..queries import mine
from ..services import canceling, paying
from ..tables.console import MyOrderTable, restriction_context
from .console import CUSTOMERS, ConsolePage


class MyOrdersView(PortalListView):
    """Every order of the account."""

    permission = BUY
    audiences = CUSTOMERS
    title = gettext_lazy("My Orders")
    list_name = "my_orders"
    queryset = staticmethod(mine.orders)
    filterset_class = MyOrderFilterSet
    table_class = MyOrderTable
    template_name = "orders/console/orders.html"
    empty_title = gettext_lazy("No orders yet")
    empty_text = gettext_lazy("What you buy for a term stands here, paid or not.")
    empty_icon = "shopping-cart"
    empty_action = (gettext_lazy("All Products"), "console:products")

    def get_extra_context(self) -> dict[str, Any]:
        """Whether amounts are reference figures, and what stands on top while it is frozen."""
        restricted = restriction_context(self.request, self.actor)
        return {"is_reference": mine.is_reference(self.actor), **restricted}


class OrderView(ConsolePage):
    """The details of an order: lines, discount, payment (08-CSN-10)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        order = mine.order(self.actor, pk)
        context = {
            "title": order.order_no,
            "order": order,
            "items": mine.items(order),
            "waits_for_partner": mine.waits_for_partner(order),
            "is_pending": order.status == OrderStatus.PENDING_PAYMENT,
            "is_reference": mine.is_reference(self.actor),
            "crumbs": [(order.order_no, "")],
        }
        return render(request, "orders/console/order.html", context | _payment(order))


class PayView(ConsolePage):
    """The pay page: who settles the order, which discount (08-CSN-03 to CSN-09)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The ways to pay; an order that is closed shows its details instead."""
        page = mine.pay_page(self.actor, pk, clock.now())
        if page.order.status != OrderStatus.PENDING_PAYMENT:
            return redirect("console:order", pk=pk)
        return self._show(page, self._form(page))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Pay it."""
        page = mine.pay_page(self.actor, pk, clock.now())
        form = self._form(page, request.POST)
        if not form.is_valid():
            return self._show(page, form, status=422)
        try:
            paying.pay(self.actor, pk, form.cleaned_data["discount"])
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            add_refusal(form, refusal)
            return self._show(page, form, status=refusal.status)
        return redirect("console:paid", pk=pk)

    def _form(self, page: mine.PayPage, *data: Any) -> PayForm:
        """Only what can be chosen; the page says why the rest cannot."""
        if any(choice.kind == "adjustment" and not choice.blocked for choice in page.choices):
            choices = [("adjustment", _("Price adjusted by your partner"))]
        else:
            choices = [("", _("No discount"))]
            choices += [
                ("partner", _("Partner discount: %(percent)s%%") % {"percent": choice.percent})
                for choice in page.choices
                if choice.kind == "partner" and not choice.blocked
            ]
        hints = {
            "": money.words(page.order.list_amount),
            "partner": money.words(page.partner_amount),
        }
        return PayForm(*data, choices=choices, hints=hints)

    def _show(self, page: mine.PayPage, form: PayForm, *, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Pay"),
            "page": page,
            "form": form,
            "balance": credit.balance_of(self.actor.account_id),
            "crumbs": [
                (page.order.order_no, reverse("console:order", args=[page.order.pk])),
                (_("Pay"), ""),
            ],
        }
        return render(self.request, "orders/console/pay.html", context, status=status)


class PaidView(ConsolePage):
    """The order is paid: what one likely does next."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Say so."""
        order = mine.order(self.actor, pk)
        if order.status == OrderStatus.PENDING_PAYMENT:
            return redirect("console:pay", pk=pk)
        context = {
            "title": _("Order paid"),
            "order": order,
            "is_reference": mine.is_reference(self.actor),
            "crumbs": [(order.order_no, "")],
        }
        return render(request, "orders/console/paid.html", context | _payment(order))


class CancelView(ConsolePage):
    """The dialog before an order is canceled."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self._show(pk, Form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Cancel it."""
        form = Form(request.POST)
        form.is_valid()
        try:
            order = canceling.cancel(self.actor, pk)
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            add_refusal(form, refusal)
            return self._show(pk, form, status=refusal.status)
        messages.success(request, _("Order %(number)s is canceled.") % {"number": order.order_no})
        return redirect("console:orders")

    def _show(self, pk: int, form: Form, *, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Cancel the order"),
            "order": mine.order(self.actor, pk),
            "form": form,
            "danger": True,
            "submit_label": _("Cancel Order"),
            "cancel_url": reverse("console:orders"),
        }
        return render(self.request, "orders/console/cancel.html", context, status=status)


def _payment(order: CustomerOrder) -> dict[str, Decimal]:
    """What of an order that the customer pays itself its balance has paid, and what is left for cash."""
    if order.payment != PaymentMethod.CASH:
        return {}
    balance = credit.paid_for(order.account_id, order.order_no)
    return {"from_balance": balance, "in_cash": money.round_due(order.amount) - balance}
