"""Regions, services, resource types, units, usage types and specifications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from partner_center.admin import site

from ..models import (
    MeasureUnit,
    Region,
    ResourceSpec,
    ResourceType,
    ServiceType,
    UnitConversion,
    UsageType,
)
from ..rules import cells
from .base import RowAdmin, RowForm


@admin.register(Region, site=site)
class RegionAdmin(RowAdmin):
    """Regions and their availability zones; one that is offered no more keeps what runs there."""

    icon = "public"
    list_display = ("name", "code", "zones", "is_offered", "origin")
    list_filter = ("is_offered", "origin")
    search_fields = ("name", "code")
    ordering = ("name", "id")
    fields = ("code", "name", "zones", "is_offered", "seen")


@admin.register(ServiceType, site=site)
class ServiceTypeAdmin(RowAdmin):
    """Cloud services; those with 95th-percentile billing are listed to partners (04-P95-01)."""

    icon = "cloud"
    list_display = (
        "name",
        "abbreviation",
        "code",
        "category",
        "has_percentile_billing",
        "is_marketplace",
    )
    list_filter = ("category", "has_percentile_billing", "is_marketplace", "origin")
    search_fields = ("name", "code", "abbreviation")
    ordering = ("name", "id")
    fields = (
        "code",
        "name",
        "abbreviation",
        "category",
        "overview",
        "has_percentile_billing",
        "page_slug",
        "is_marketplace",
        "seen",
    )


@admin.register(ResourceType, site=site)
class ResourceTypeAdmin(RowAdmin):
    """Kinds of resources of a service."""

    icon = "category"
    list_display = ("name", "code", "service_type", "origin")
    list_select_related = ("service_type",)
    list_filter = ("service_type", "origin")
    search_fields = ("name", "code")
    ordering = ("name", "id")
    autocomplete_fields = ("service_type",)
    fields = ("code", "service_type", "name", "description", "seen")


@admin.register(UsageType, site=site)
class UsageTypeAdmin(RowAdmin):
    """What of a resource is metered."""

    icon = "speed"
    key = ("resource_type", "code")
    list_display = ("name", "code", "resource_type", "origin")
    list_select_related = ("resource_type",)
    list_filter = ("origin",)
    search_fields = ("name", "code", "resource_type__code", "resource_type__name")
    ordering = ("resource_type__code", "code")
    autocomplete_fields = ("resource_type",)
    fields = ("resource_type", "code", "name", "seen")


@admin.register(MeasureUnit, site=site)
class MeasureUnitAdmin(RowAdmin):
    """Units, by the vendor's measure IDs."""

    icon = "straighten"
    key = ("id",)
    list_display = ("id", "name", "abbreviation", "measure_type")
    list_filter = ("measure_type",)
    search_fields = ("name", "abbreviation")
    ordering = ("id",)
    fields = ("id", "name", "abbreviation", "measure_type", "seen")


@admin.register(UnitConversion, site=site)
class UnitConversionAdmin(RowAdmin):
    """How many of one unit another is."""

    icon = "swap_horiz"
    key = ("unit", "reference")
    list_display = ("unit", "ratio", "reference")
    list_select_related = ("unit", "reference")
    search_fields = ("unit__name", "reference__name")
    ordering = ("unit", "reference")
    fields = ("unit", "ratio", "reference", "seen")


class SpecForm(RowForm):
    """A specification with its attributes, one a line."""

    attributes = forms.CharField(
        label=gettext_lazy("Attributes"),
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy("One a line: code=name=value=unit; the unit may be empty."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = cells.write_attributes(self.instance.attributes or [])
        self.initial["attributes"] = text.replace(";", "\n")

    def clean_attributes(self) -> list[dict[str, str]]:
        """As the catalogue keeps them. Raises ValidationError."""
        try:
            return cells.read_attributes(self.cleaned_data["attributes"].replace("\n", ";"))
        except cells.CellError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(ResourceSpec, site=site)
class ResourceSpecAdmin(RowAdmin):
    """Specifications; a linear one has a size, and its price is per unit of size."""

    icon = "tune"
    key = ("resource_type", "code")
    form = SpecForm
    list_display = ("name", "code", "resource_type", "text", "size_unit", "size_min", "size_max")
    list_select_related = ("resource_type", "size_unit")
    list_filter = ("resource_type__service_type",)
    search_fields = ("name", "code", "resource_type__code")
    ordering = ("resource_type__code", "code")
    autocomplete_fields = ("resource_type",)
    fields = (
        "resource_type",
        "code",
        "name",
        "attributes",
        "size_unit",
        "size_min",
        "size_max",
        "size_step",
        "seen",
    )
