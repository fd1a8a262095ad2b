"""Tables of the customer's resource packages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import BadgeColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable

from ..choices import PackageState
from ..models import PackageDeduction
from ..rules.explaining import plain

_UNIT = "resource__product__pricing_unit"


class QuantityColumn(PortalColumn):
    """A quantity with its unit, exact; ``unit`` is where a row keeps the unit."""

    css = "pc-figures"

    def __init__(self, label: Any, *, of: str, **kwargs: Any) -> None:
        super().__init__(label, orderable=False, **kwargs)
        self.of = tables.A(of)

    def render(self, record: Any, value: Decimal) -> SafeString:
        found = self.of.resolve(record, quiet=True)
        return format_html("{} {}", plain(value), found.abbreviation if found else "")


class PackageStateColumn(BadgeColumn):
    """The state of the package now."""

    def __init__(self) -> None:
        super().__init__(_("Status"), family="package", accessor="state", orderable=False)

    def render(self, value: str) -> SafeString:
        return super().render(PackageState(value).label)


class PackageTable(PortalTable):
    """One package and cycle a row, newest first."""

    name = PortalColumn(
        _("Resource Package"),
        accessor="resource__product__name",
        second="resource__resource_id",
        second_label=_("Resource ID"),
        select=["resource__product__service_type", f"{_UNIT}"],
        linkify=("my_bills:deductions", {"quota_id": tables.A("pk")}),
        orderable=False,
        fixed=True,
    )
    service = PortalColumn(
        _("Service Type"), accessor="resource__product__service_type__name", orderable=False
    )
    region = PortalColumn(
        _("Region"),
        accessor="resource__region__name",
        select=["resource__region"],
        orderable=False,
    )
    usage_type = PortalColumn(
        _("Usage Type"),
        accessor="resource__product__usage_type__name",
        select=["resource__product__usage_type"],
        orderable=False,
    )
    quota = QuantityColumn(_("Quota"), of="resource__product__pricing_unit")
    used = QuantityColumn(_("Used"), of="resource__product__pricing_unit")
    remaining = QuantityColumn(_("Remaining"), of="resource__product__pricing_unit")
    state = PackageStateColumn()
    starts_at = TimeColumn(_("From"))
    ends_at = TimeColumn(_("To"))
    default_order = ("-starts_at",)


class DeductionTable(PortalTable):
    """What was taken from one package, newest first."""

    deducted_at = TimeColumn(_("Deducted"), fixed=True)
    resource = PortalColumn(
        _("Resource"),
        accessor="record__resource_id",
        second="record__resource_name",
        second_label=_("Resource Name"),
        select=["record__product__pricing_unit"],
        orderable=False,
    )
    product = PortalColumn(_("Product Name"), accessor="record__product__name", orderable=False)
    before = QuantityColumn(_("Before"), of="record__product__pricing_unit")
    used = QuantityColumn(_("Deducted Amount"), of="record__product__pricing_unit")
    after = QuantityColumn(_("Remaining"), of="record__product__pricing_unit")
    default_order = ("-deducted_at",)

    def name_of(self, record: PackageDeduction) -> str:
        return record.record.resource_id
