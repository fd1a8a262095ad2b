"""The operator's view of partner discounts; partners set them, the operator grants the right."""

from __future__ import annotations

from django.contrib import admin

from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, site

from ..models import DiscountRecord, PartnerDiscount
from ..permissions import OPERATE_ASSOCIATIONS


@admin.register(PartnerDiscount, site=site)
class PartnerDiscountAdmin(PortalModelAdmin):
    """Discounts of all partners, closed ones included."""

    view_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "percent"
    list_display = ("account", "association", "percent", "starts_on", "ends_on", "closed_at")
    list_select_related = ("account", "association__customer", "association__account")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    search_fields = ("account__name", "association__customer__name")
    ordering = ("-id",)


@admin.register(DiscountRecord, site=site)
class DiscountRecordAdmin(PortalModelAdmin):
    """Operation records of discounts; a book, read only."""

    view_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "history"
    list_display = ("at", "account", "association", "action", "percent", "starts_on", "ends_on")
    list_select_related = ("account", "association__customer", "association__account")
    list_filter = ("action",)
    search_fields = ("account__name", "association__customer__name")
    ordering = ("-id",)
