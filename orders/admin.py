"""Orders in the operator's admin, for whoever answers a partner's or customer's question.

Nothing is changed here, but that what an order delivered wrongly is unsubscribed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from partner_center import money
from partner_center.admin import ORDERS, EstimatedPaginator, PortalModelAdmin, site

from .choices import OrderStatus, OrderType
from .models import CustomerOrder, OnBehalfSession
from .permissions import HANDLE_EXCEPTIONS, OPERATE_ORDERS
from .services import exceptions


class OrderExceptionForm(forms.Form):
    """Why; the order keeps it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=UnfoldAdminTextareaWidget
    )


@admin.register(CustomerOrder, site=site)
class CustomerOrderAdmin(PortalModelAdmin):
    """Orders of all customers, with their lines."""

    view_permission = OPERATE_ORDERS
    manage_permission = HANDLE_EXCEPTIONS
    group = ORDERS
    icon = "shopping_cart"
    actions_detail = ("unsubscribe_exception",)
    paginator = EstimatedPaginator
    list_display = (
        "order_no",
        "account",
        "partner",
        "order_type",
        "status",
        "service_type",
        "list_amount",
        "amount",
        "ordered_at",
        "paid_at",
    )
    list_select_related = ("account", "partner", "service_type")
    list_filter = ("status", "order_type", "source", "payment")
    search_fields = ("=order_no", "=account__name", "=account__public_id", "=partner__name")
    ordering = ("-id",)
    sortable_by = ()
    readonly_fields = ("lines",)

    def get_fields(self, request: HttpRequest, obj: CustomerOrder | None = None) -> list[str]:
        """The lines stand first."""
        others = [name for name in super().get_fields(request, obj) if name != "lines"]
        return ["lines", *others]

    def has_new_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for completed new purchases."""
        rows = self.model._meta.default_manager.filter(
            pk=object_id, order_type=OrderType.NEW, status=OrderStatus.COMPLETED
        )
        return self.may_manage(request) and rows.exists()

    @action(
        description=gettext_lazy("Unsubscribe Because of an Order Exception"), permissions=["new"]
    )
    def unsubscribe_exception(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Release what it delivered; coupons of the partner return (05-CPR-06)."""
        return self.operate(
            request,
            object_id,
            exceptions.unsubscribe,
            title=_("Unsubscribe Because of an Order Exception"),
            consequence=_(
                "The resources of this order are released with what is attached to them, and their "
                "unused days are given back. Coupons of the partner that paid for them return with the "
                "next bill. The customer reads the reason."
            ),
            form_class=OrderExceptionForm,
        )

    @admin.display(description=gettext_lazy("Lines"))
    def lines(self, order: CustomerOrder) -> SafeString:
        """What was ordered, for how long, at which list price and what is paid for it, in USD."""
        rows = order.items.select_related("product", "region", "resource").order_by("number")
        return format_html_join(
            "",
            "<p>{}. {} · {} · {} × {} {} · {} → {} USD · {}</p>",
            (
                (
                    item.number,
                    item.product.name,
                    item.region or "--",
                    item.quantity,
                    item.period_count or "",
                    item.get_period_display(),
                    money.plain(item.list_amount),
                    money.plain(item.amount),
                    item.resource or item.name or "--",
                )
                for item in rows
            ),
        ) or format_html("--")


@admin.register(OnBehalfSession, site=site)
class OnBehalfSessionAdmin(PortalModelAdmin):
    """When users of partners worked in customers' accounts (08-AUT-12)."""

    view_permission = OPERATE_ORDERS
    group = ORDERS
    icon = "switch_account"
    list_display = ("id", "account", "user", "customer", "purpose", "started_at", "ended_at")
    list_select_related = ("account", "user", "customer")
    list_filter = ("purpose", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("account__name", "user__username", "customer__name")
    ordering = ("-id",)
