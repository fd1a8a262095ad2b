"""Tables of partner discounts."""

from __future__ import annotations

from django.db.models import Value
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.lists.columns import PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal


class PercentColumn(PortalColumn):
    """A whole percentage."""

    css = "pc-figures"

    def render(self, value: int) -> str:
        return f"{value}%"


class DayColumn(PortalColumn):
    """A day, GMT+08:00."""

    css = "pc-nowrap"

    def render(self, value: object) -> SafeString:
        return portal.day(value)  # type: ignore[arg-type]


class DiscountRecordTable(PortalTable):
    """Operation Records of discounts (04-DSC-08)."""

    at = TimeColumn(verbose_name=_("Time"), fixed=True)
    customer = PortalColumn(
        verbose_name=_("Customer/Account Name"),
        accessor="association__customer__full_name",
        mask=masking.NAME,
        second="association__customer__name",
        second_label=_("Account Name"),
        select=["association__customer"],
    )
    action = PortalColumn(verbose_name=_("Operation Type"))
    product = PortalColumn(
        verbose_name=_("Product Type"),
        accessor="pk",
        orderable=False,
        export=Value("All products"),
    )
    percent = PercentColumn(verbose_name=_("Discount"))
    starts_on = DayColumn(verbose_name=_("Valid From"))
    ends_on = DayColumn(verbose_name=_("Valid Until"))
    actor_name = PortalColumn(verbose_name=_("Operator"))

    default_order = ("-at",)

    def render_product(self) -> str:
        """A general discount is for all of them (04-DSC-04)."""
        return str(_("All products"))
