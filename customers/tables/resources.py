"""Tables of a customer's resources (04 §8.3.1.9, D-28)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import (
    BadgeColumn,
    NarrowTimeColumn,
    NumberColumn,
    PortalColumn,
    TemplateColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal
from resources.queries import of_customers as queries


class StatusColumn(BadgeColumn):
    """Running, Frozen, Expired, Released (D-28)."""

    def __init__(self) -> None:
        super().__init__(
            verbose_name=_("Status"),
            family="resource",
            accessor="status_word",
            annotate={"status_word": queries.status_word()},
        )


def _name() -> PortalColumn:
    return PortalColumn(
        verbose_name=_("Name/ID"),
        accessor="name",
        fixed=True,
        second="resource_id",
        second_label=_("Resource ID"),
    )


def _product_type() -> PortalColumn:
    return PortalColumn(
        verbose_name=_("Product Type"),
        accessor="product__service_type__name",
        select=["product__service_type"],
    )


def _region() -> PortalColumn:
    return PortalColumn(verbose_name=_("Region"), accessor="region__name", select=["region"])


class _ResourceTable(PortalTable):
    """Rows bear the resource's name, or its ID while it has none."""

    def name_of(self, record: Any) -> str:
        return record.name or record.resource_id


class _Specifications(PortalColumn):
    """Exported as bills print them, shown as people read them."""

    def render(self, record: Any) -> str:
        return record.spec_words or portal.NONE


class TermTable(_ResourceTable):
    """Yearly/monthly: icons open instance information and associated resources (04-RES-02)."""

    name = _name()
    details = TemplateColumn(
        verbose_name=_("Details"),
        accessor="pk",
        template_name="customers/resources/parts/icons.html",
        select=["product__resource_type", "parent"],
        prefetch=[Prefetch("attached")],
    )
    product_type = _product_type()
    specifications = _Specifications(verbose_name=_("Specifications"), accessor="spec_text")
    region = _region()
    mode = PortalColumn(verbose_name=_("Billing Mode"))
    quantity = NumberColumn(verbose_name=_("Quantity"))
    effective_at = NarrowTimeColumn(verbose_name=_("Effective"))
    expires_at = NarrowTimeColumn(verbose_name=_("Expires"))
    status = StatusColumn()
    order_no = PortalColumn(verbose_name=_("Order No."))
    default_order = ("-effective_at",)


class UsageTable(_ResourceTable):
    """Pay-per-use: no term and no order."""

    name = _name()
    product_type = _product_type()
    specifications = _Specifications(verbose_name=_("Specifications"), accessor="spec_text")
    region = _region()
    mode = PortalColumn(verbose_name=_("Billing Mode"))
    quantity = NumberColumn(verbose_name=_("Quantity"))
    created_at = NarrowTimeColumn(verbose_name=_("Created"))
    status = StatusColumn()
    default_order = ("-created_at",)


class ReservedTable(_ResourceTable):
    """Reserved instances and savings plans."""

    name = _name()
    product_type = _product_type()
    specifications = _Specifications(verbose_name=_("Specifications"), accessor="spec_text")
    region = _region()
    mode = PortalColumn(verbose_name=_("Billing Mode"))
    quantity = NumberColumn(verbose_name=_("Quantity"))
    effective_at = NarrowTimeColumn(verbose_name=_("Effective"))
    expires_at = NarrowTimeColumn(verbose_name=_("Expires"))
    status = StatusColumn()
    order_no = PortalColumn(verbose_name=_("Order No."))
    default_order = ("-effective_at",)
