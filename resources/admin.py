"""Cloud resources in the operator's admin: read only."""

from __future__ import annotations

from django.contrib import admin

from partner_center.admin import ORDERS, EstimatedPaginator, PortalModelAdmin, site

from .models import CloudResource, EnterpriseProject, FrozenInterval
from .permissions import OPERATE_RESOURCES


@admin.register(CloudResource, site=site)
class CloudResourceAdmin(PortalModelAdmin):
    """Resources of all customers, with term, freeze and release."""

    view_permission = OPERATE_RESOURCES
    group = ORDERS
    icon = "dns"
    paginator = EstimatedPaginator
    list_display = (
        "resource_id",
        "name",
        "account",
        "product",
        "region",
        "mode",
        "status",
        "frozen_at",
        "expires_at",
    )
    list_select_related = ("account", "product", "region")
    list_filter = ("status", "mode", ("frozen_at", admin.EmptyFieldListFilter), "release_cause")
    #: By whole words only: parts of words would read the whole table.
    search_fields = ("=resource_id", "=account__name", "=account__public_id", "=order_no")
    ordering = ("-id",)
    sortable_by = ()


@admin.register(EnterpriseProject, site=site)
class EnterpriseProjectAdmin(PortalModelAdmin):
    """The projects that customers have made."""

    view_permission = OPERATE_RESOURCES
    group = ORDERS
    icon = "folder_open"
    list_display = ("name", "account", "description", "created_at")
    list_select_related = ("account",)
    search_fields = ("name", "account__name")
    ordering = ("-id",)


@admin.register(FrozenInterval, site=site)
class FrozenIntervalAdmin(PortalModelAdmin):
    """From when to when resources of customers stood still: usage of this time is not charged."""

    view_permission = OPERATE_RESOURCES
    group = ORDERS
    icon = "ac_unit"
    list_display = ("account", "began_at", "ended_at")
    list_select_related = ("account",)
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("account__name",)
    ordering = ("-id",)
