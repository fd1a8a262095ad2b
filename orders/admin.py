"""Orders in the operator's admin: read only, for whoever answers a partner's or customer's question."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from partner_center import money
from partner_center.admin import ORDERS, EstimatedPaginator, PortalModelAdmin, site

from .models import CustomerOrder, OnBehalfSession
from .permissions import OPERATE_ORDERS


@admin.register(CustomerOrder, site=site)
class CustomerOrderAdmin(PortalModelAdmin):
    """Orders of all customers, with their lines."""

    view_permission = OPERATE_ORDERS
    group = ORDERS
    icon = "shopping_cart"
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
