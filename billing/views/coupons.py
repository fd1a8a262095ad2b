"""Sales > Financial Information > Coupons (05 §8.4.5.1.2, 8.4.5.1.3)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.views import PortalView

from ..filters.coupons import CouponEntryFilterSet, CouponFilterSet, CouponUseFilterSet
from ..models import Coupon
from ..permissions import SET_COUPON_NOTICE, VIEW_COUPONS
from ..queries import coupons as queries
from ..rules.terms import last_second
from ..services import coupons as services
from ..tables.coupons import (
    CouponEntryTable,
    CouponTable,
    CouponUseTable,
    applicable_of,
    modes_of,
    remarks_of,
)
from ..tables.terms import customer_page

PARTNERS = frozenset({Audience.PARTNER})


class CouponListView(PortalListView):
    """Tab All (05-CPV-01)."""

    permission = VIEW_COUPONS
    audiences = PARTNERS
    title = gettext_lazy("Coupons")
    list_name = "coupons"
    queryset = staticmethod(queries.list_coupons)
    filterset_class = CouponFilterSet
    table_class = CouponTable
    export_name, export_permission = "coupons", VIEW_COUPONS
    template_name = "billing/coupons/list.html"
    basis = gettext_lazy(
        "Deducted when a bill is generated: those for one customer first, then the first to expire"
    )
    empty_title = gettext_lazy("No coupons yet")
    empty_text = gettext_lazy(
        "Coupons come from basic benefits, from exchanged incentive earnings, and for PoC tests from "
        "your ecosystem manager."
    )
    empty_icon = "ticket"
    page: ClassVar[str] = "billing:coupons"

    def get_extra_context(self) -> dict[str, Any]:
        """The two tabs."""
        labels = {"billing:coupons": _("All"), "billing:test-coupons": _("Test Coupons")}
        tabs = [
            {"label": label, "url": reverse(name), "current": name == self.page}
            for name, label in labels.items()
        ]
        return {"sections": tabs}


class TestCouponListView(CouponListView):
    """Tab Test Coupons, with the switch of their mails (05-CPN-02, CPN-04)."""

    list_name = "test_coupons"
    queryset = staticmethod(queries.list_test_coupons)
    export_name = "test_coupons"
    basis = gettext_lazy("For PoC tests. If they run short, ask your ecosystem manager for more.")
    empty_title = gettext_lazy("No test coupons yet")
    empty_text = gettext_lazy("Ask your ecosystem manager for PoC test coupons.")
    page = "billing:test-coupons"

    def get_extra_context(self) -> dict[str, Any]:
        """The tabs and the switch."""
        return super().get_extra_context() | {
            "has_switch": True,
            "is_on": queries.notice_is_on(self.actor),
            "may_switch": self.actor.can(SET_COUPON_NOTICE),
        }


class CouponNoticeView(PortalView):
    """The switch Test Coupon Balance Notification."""

    permission = SET_COUPON_NOTICE
    audiences = PARTNERS

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Set it as the pressed button says."""
        is_on = request.POST.get("is_on") == "1"
        services.set_notice(self.actor, is_on=is_on)
        words = (
            _("The Test Coupon Balance Notification is on.")
            if is_on
            else _("The Test Coupon Balance Notification is off.")
        )
        messages.success(request, words)
        return redirect("billing:test-coupons")


class CouponView(PortalListView):
    """One coupon: what it is for, what became of it, and the lines of bills that it paid (CPV-02)."""

    permission = VIEW_COUPONS
    audiences = PARTNERS
    list_name = "coupon_uses"
    queryset = staticmethod(queries.list_uses)
    below = ("coupon_id",)
    filterset_class = CouponUseFilterSet
    table_class = CouponUseTable
    template_name = "billing/coupons/coupon.html"
    empty_title = gettext_lazy("Not used yet")
    empty_text = gettext_lazy("What a bill takes from this coupon stands here, line by line.")
    empty_icon = "ticket"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The coupon's name."""
        return self.coupon.name

    @cached_property
    def coupon(self) -> Coupon:
        """The coupon of the address. Raises NotFound."""
        return queries.get_coupon(self.actor, self.kwargs["coupon_id"])

    def get_extra_context(self) -> dict[str, Any]:
        """The coupon and its entries."""
        return {
            "coupon": self.coupon,
            "ends": last_second(self.coupon.ends_at),
            "customer_url": customer_page(self.coupon),
            "modes": modes_of(self.coupon),
            "remarks": remarks_of(self.coupon),
            "entries": queries.entries_of(self.coupon),
            **applicable_of(self.coupon),
            "crumbs": [(self.coupon.name, "")],
        }


class CouponEntryListView(PortalListView):
    """The cash coupon quota history (05-CPV-03)."""

    permission = VIEW_COUPONS
    audiences = PARTNERS
    title = gettext_lazy("Cash Coupon Quota History")
    list_name = "coupon_history"
    queryset = staticmethod(queries.list_entries)
    filterset_class = CouponEntryFilterSet
    table_class = CouponEntryTable
    export_name, export_permission = "coupon_history", VIEW_COUPONS
    basis = gettext_lazy("Everything that changed a coupon’s balance. Entries are never changed.")
    empty_title = gettext_lazy("No history yet")
    empty_text = gettext_lazy("When a coupon is issued, used, returned or revoked, it stands here.")
    empty_icon = "history"

    def get_extra_context(self) -> dict[str, Any]:
        """The way back."""
        return {"crumbs": [(str(self.title), "")]}
