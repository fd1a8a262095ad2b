"""The operator's view of partner discounts; partners set them, the operator grants the right."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, owner_column, site

from ..models import DiscountRecord, PartnerDiscount
from ..permissions import OPERATE_ASSOCIATIONS


@admin.register(PartnerDiscount, site=site)
class PartnerDiscountAdmin(PortalModelAdmin):
    """Discounts of all partners, closed ones included."""

    view_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "percent"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("partner", "association", "percent", "starts_on", "ends_on", "closed_at")
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
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("at", "partner", "association", "action", "percent", "starts_on", "ends_on")
    list_select_related = ("account", "association__customer", "association__account")
    list_filter = ("action",)
    search_fields = ("account__name", "association__customer__name")
    ordering = ("-id",)
