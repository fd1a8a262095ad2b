"""Tables of discounts (05 §8.4.4.1, KooGallery 3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from partner_center import masking, money
from partner_center.lists.columns import BadgeColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..models import CommercialDiscount, MarketplaceDiscount
from ..queries import terms as queries
from ..rules.terms import last_second


class EndColumn(TimeColumn):
    """An end as people read it: 23:59:59 of the last day."""

    def render(self, value: datetime) -> SafeString:
        return portal.moment(last_second(value))


class PercentColumn(PortalColumn):
    """``12.00% off``."""

    css = "pc-figures"

    def render(self, value: Decimal) -> str:
        return percent_off(value)


def percent_off(value: Decimal) -> str:
    """At least 2 decimals, more where there are more."""
    return _g("%(percent)s%% off") % {"percent": money.number(value)}


def customer_page(record: Any) -> str | None:
    """The customer's page, for those who may open it."""
    found = record.association
    return reverse("customers:details", args=[found]) if found else None


class CommercialDiscountTable(PortalTable):
    """The partner's commercial discounts, newest first."""

    number = PortalColumn(
        _("ID"), linkify=("billing:discount", {"discount_id": tables.A("pk")}), fixed=True
    )
    level = PortalColumn(
        _("Type"), accessor="level", annotate={"level": queries.level_word()}, orderable=False
    )
    customer = PortalColumn(
        _("Customer/Account Name"),
        accessor="customer__name",
        second="customer__full_name",
        second_label=_("Customer Name"),
        second_mask=masking.NAME,
        select=["customer"],
        linkify=customer_page,
    )
    state = BadgeColumn(_("Status"), family="discount", accessor="state", orderable=False)
    starts_at = TimeColumn(_("Effective Date"))
    ends_at = EndColumn(_("Expiration Date"))
    default_order = ("-starts_at",)

    def name_of(self, record: CommercialDiscount) -> str:
        return record.number


class CoveredProductTable(PortalTable):
    """What a discount is for."""

    name = PortalColumn(_("Product Name"), second="code", second_label=_("Product ID"), fixed=True)
    service = PortalColumn(
        _("Product Type"), accessor="service_type__name", select=["service_type"]
    )
    mode = PortalColumn(
        _("Billing Mode"), accessor="get_mode_display", orderable=False, export=False
    )
    settlement = PortalColumn(
        _("Settlement Type"), accessor="get_settlement_display", orderable=False, export=False
    )
    discount = PortalColumn(
        _("Settlement Discount"), accessor="pk", orderable=False, select=["pricing_unit"]
    )
    default_order = ("name",)

    def render_discount(self, record: Any) -> str:
        """Percent off, or the fixed unit price in USD."""
        if record.fixed is None:
            return percent_off(record.percent)
        unit = record.pricing_unit.name if record.pricing_unit else ""
        return _g("%(price)s USD/%(unit)s (fixed)") % {
            "price": money.number(record.fixed),
            "unit": unit,
        }


class MarketplaceDiscountTable(PortalTable):
    """What sellers have authorized, newest first."""

    number = PortalColumn(_("Discount ID"), fixed=True)
    product = PortalColumn(
        _("Product Name"),
        accessor="product__name",
        second="seller",
        second_label=_("Seller"),
        select=["product"],
    )
    kind = PortalColumn(
        _("Product Type"), accessor="product__get_settlement_display", orderable=False, export=False
    )
    percent = PercentColumn(_("Discount"))
    state = BadgeColumn(_("Status"), family="discount", accessor="state", orderable=False)
    starts_at = TimeColumn(_("Effective Date"))
    ends_at = EndColumn(_("Expiration Date"))
    default_order = ("-starts_at",)

    def render_kind(self, record: MarketplaceDiscount) -> str:
        """``Common products``, in the plural of the page."""
        return _g("%(kind)ss") % {"kind": record.product.get_settlement_display()}
