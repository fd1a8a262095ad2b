"""Issued bills: what each consists of, what is paid of it, its proof. They never change (05-BIL-20)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partner_center import money
from partner_center.admin import (
    BILLING,
    EstimatedPaginator,
    PortalModelAdmin,
    owner_column,
    site,
)
from partner_center.uploads import send_file

from ..choices import BillState
from ..models import Bill
from ..permissions import OPERATE_BILLS
from ..queries import operating_bills as queries
from ..services import verifications
from .runs import ASKED

_COLOURS = {
    BillState.UNPAID.label: "info",
    BillState.PARTIAL.label: "warning",
    BillState.OVERDUE.label: "danger",
    BillState.PAID.label: "success",
    BillState.NOTHING_DUE.label: "default",
}


@admin.register(Bill, site=site)
class BillAdmin(PortalModelAdmin):
    """All issued bills; only read."""

    view_permission = OPERATE_BILLS
    manage_permission = OPERATE_BILLS
    group = BILLING
    icon = "request_quote"
    paginator = EstimatedPaginator
    partner = owner_column(gettext_lazy("Partner"))
    list_display = (
        "number",
        "partner",
        "cycle",
        "total",
        "amount_due",
        "paid",
        "shown_state",
        "issued_at",
        "due_at",
    )
    list_select_related = ("account", "paid_state")
    list_filter = ("paid_state__state", "cycle")
    search_fields = ("number", "account__name", "account__full_name")
    ordering = ("-id",)
    fields = (
        *("number", "partner", "cycle", "shown_state", "lines", "list_amount"),
        *("expenditures", "refunds", "adjustments", "coupons", "tax", "exact_total", "total"),
        *("withheld", "credit_used", "amount_due", "paid", "currency", "rate", "currency_amount"),
        *("issued_at", "due_at"),
    )
    readonly_fields = ("partner", "shown_state", "paid")
    actions_detail = ("download", "verify")
    change_form_outer_after_template = "billing/admin/bill.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one bill."""
        anatomy = queries.anatomy(context["original"])
        context |= {"anatomy": anatomy, "goes_on": anatomy.goes_on}
        return super().render_change_form(request, context, *args, **kwargs)

    def has_sealed_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered once there is a package."""
        rows = self.get_queryset(request).filter(pk=object_id, manifest__isnull=False)
        return self.may_manage(request) and rows.exists()

    @display(description=gettext_lazy("State"), ordering="paid_state__state", label=dict(_COLOURS))
    def shown_state(self, bill: Bill) -> str:
        """What has become of it."""
        return bill.paid_state.get_state_display()

    @display(description=gettext_lazy("Paid"), ordering="paid_state__paid")
    def paid(self, bill: Bill) -> str:
        """What is paid of it. USD."""
        return money.number(bill.paid_state.paid)

    @action(description=gettext_lazy("Download the Proof"), permissions=["sealed"])
    def download(self, request: HttpRequest, object_id: str) -> FileResponse:
        """The package, as the partner gets it."""
        bill = self.row(request, object_id)
        content, name = queries.open_package(request.actor, bill.pk)  # type: ignore[attr-defined]
        return send_file(content, name)

    @action(description=gettext_lazy("Verify"), permissions=["sealed"])
    def verify(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have the proof of the bill verified."""
        return self.operate(
            request,
            object_id,
            verifications.ask_for_bill,
            title=_("Verify"),
            consequence=_(
                "The package is verified as its partner would do it, and made once more from the books "
                "to be compared, in the background. Nothing is changed. The result stands on the page "
                "of the bill."
            ),
            done=str(ASKED),
        )
