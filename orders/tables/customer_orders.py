"""Tables of Customer Orders (04 §8.3.3.1) and of the Price Adjustment History (04-PRC-05)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, When
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.lists.columns import (
    ActionsColumn,
    AmountColumn,
    BadgeColumn,
    NarrowTimeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..models import CustomerOrder


class PartyColumn(PortalColumn):
    """Name and account name of one party, with room for both."""

    css = "pc-party"


def customer_column(path: str) -> PortalColumn:
    """Customer No. as printed: the masked customer and its account name."""
    return PartyColumn(
        verbose_name=_("Customer No."),
        accessor=f"{path}__full_name",
        export_label=_("Customer Name"),
        mask=masking.NAME,
        second=f"{path}__name",
        second_label=_("Account Name"),
        select=[path],
        orderable=False,
    )


class PaidColumn(AmountColumn):
    """What was paid; an icon shows the details of completed orders (04-ORD-04)."""

    def __init__(self) -> None:
        super().__init__(
            verbose_name=_("Amount Paid"),
            accessor="amount",
            export=Case(When(paid_at__isnull=False, then=F("amount"))),
        )

    def render(self, value: Decimal, record: CustomerOrder) -> SafeString:
        if record.paid_at is None:
            return portal.NONE
        return render_to_string("orders/partner/parts/paid.html", {"order": record})


def _order_no() -> PortalColumn:
    return PortalColumn(
        verbose_name=_("Order No."),
        accessor="order_no",
        fixed=True,
        linkify=("customer_orders:details", {"order_id": tables.A("pk")}),
    )


class CustomerOrderTable(PortalTable):
    """Orders of the partner's own customers."""

    order_no = _order_no()
    product_type = PortalColumn(
        verbose_name=_("Product Type"), accessor="service_type__name", select=["service_type"]
    )
    order_type = PortalColumn(verbose_name=_("Order Type"))
    status = BadgeColumn(verbose_name=_("Order Status"), family="order")
    customer = customer_column("account")
    ordered_at = NarrowTimeColumn(verbose_name=_("Ordered On"))
    paid_at = NarrowTimeColumn(verbose_name=_("Paid"))
    list_amount = AmountColumn(verbose_name=_("Order Subtotal"))
    amount = PaidColumn()
    operation = ActionsColumn("orders/partner/parts/operations.html")
    default_order = ("-ordered_at",)


class ResellerOrderTable(PortalTable):
    """Orders of resellers' customers."""

    order_no = _order_no()
    reseller = PartyColumn(
        verbose_name=_("Reseller"),
        accessor="partner__full_name",
        second="partner__name",
        second_label=_("Reseller Account"),
        select=["partner"],
    )
    product_type = PortalColumn(
        verbose_name=_("Product Type"), accessor="service_type__name", select=["service_type"]
    )
    order_type = PortalColumn(verbose_name=_("Order Type"))
    status = BadgeColumn(verbose_name=_("Order Status"), family="order")
    customer = customer_column("account")
    ordered_at = NarrowTimeColumn(verbose_name=_("Ordered On"))
    paid_at = NarrowTimeColumn(verbose_name=_("Paid"))
    list_amount = AmountColumn(verbose_name=_("Order Subtotal"))
    amount = PaidColumn()
    operation = ActionsColumn("orders/partner/parts/operations.html")
    default_order = ("-ordered_at",)


class AdjustmentTable(PortalTable):
    """Every price adjustment that was made."""

    at = TimeColumn(verbose_name=_("Time"), accessor="adjusted_at", fixed=True)
    order_no = PortalColumn(
        verbose_name=_("Order No."),
        accessor="order__order_no",
        select=["order"],
        linkify=("customer_orders:details", {"order_id": tables.A("order__pk")}),
    )
    customer = customer_column("order__account")
    product_type = PortalColumn(
        verbose_name=_("Product Type"),
        accessor="order__service_type__name",
        select=["order__service_type"],
    )
    list_amount = AmountColumn(verbose_name=_("Order Subtotal"))
    discount_amount = AmountColumn(verbose_name=_("Discount"))
    after = AmountColumn(
        verbose_name=_("After Adjustment"),
        accessor="after_adjustment",
        annotate={"after_adjustment": F("list_amount") - F("discount_amount")},
        export=F("list_amount") - F("discount_amount"),
    )
    operator = PortalColumn(verbose_name=_("Operator"), accessor="adjusted_by_name")
    default_order = ("-at",)

    def name_of(self, record: Any) -> str:
        return record.order.order_no
