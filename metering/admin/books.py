"""The books: records and charges, to be read only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from partner_center import money
from partner_center.admin import METERING, EstimatedPaginator, PortalModelAdmin, site

from ..models import Charge, UsageRecord
from ..permissions import OPERATE_USAGE
from ..queries.explaining import explain


@admin.register(UsageRecord, site=site)
class UsageRecordAdmin(PortalModelAdmin):
    """Records as they came in."""

    view_permission = OPERATE_USAGE
    group = METERING
    icon = "receipt_long"
    paginator = EstimatedPaginator
    list_display = ("key", "source", "customer", "product", "usage", "started_at", "cycle")
    list_select_related = ("source", "customer", "product")
    list_filter = ("kind",)
    #: By whole words only: parts of words would read the whole book.
    search_fields = ("=key", "=customer__name", "=customer__public_id")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Charge, site=site)
class ChargeAdmin(PortalModelAdmin):
    """What records cost, and why."""

    view_permission = OPERATE_USAGE
    group = METERING
    icon = "payments"
    paginator = EstimatedPaginator
    list_display = (
        "record_id",
        "billing_cycle",
        "customer",
        "partner",
        "product",
        "bill_type",
        "exact_amount",
        "charged_at",
    )
    list_select_related = ("customer", "partner", "product")
    list_filter = ("bill_type", "mode")
    search_fields = ("=customer__name", "=customer__public_id", "=order_no")
    #: The order of the partitions and of the keys in them: no sorting.
    ordering = ("-cycle", "-record_id")
    sortable_by = ()
    readonly_fields = ("explanation",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what the explanation needs."""
        rows = super().get_queryset(request)
        return rows.select_related("record", "usage_unit", "pricing_unit", "region")

    def get_fields(self, request: HttpRequest, obj: Charge | None = None) -> list[str]:
        """What it says in words comes first."""
        others = [name for name in super().get_fields(request, obj) if name != "explanation"]
        return ["explanation", *others]

    @admin.display(description=gettext_lazy("Cycle"))
    def billing_cycle(self, charge: Charge) -> SafeString:
        """On one line."""
        return format_html('<span class="whitespace-nowrap">{}</span>', charge.cycle)

    @admin.display(description=gettext_lazy("List amount (USD)"))
    def exact_amount(self, charge: Charge) -> str:
        """Every decimal that counts, and no more."""
        return money.plain(charge.list_amount)

    @admin.display(description=gettext_lazy("Explanation"))
    def explanation(self, charge: Charge) -> SafeString:
        """The calculation in figures."""
        return format_html_join("", "<p>{}</p>", ((line,) for line in explain(charge)))
