"""The table of Consumed Product Details: the columns of a bill by customer, line by line (05-BQY-14)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from catalog.choices import BillingMode
from metering.choices import BillType
from partner_center import masking
from partner_center.actors import Actor
from partner_center.lists.columns import PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import Settlement
from ..rules.explaining import Terms

#: Exact amounts have up to so many decimals; what is there is shown, no more.
PLACES = 10


class WordsColumn(PortalColumn):
    """A stored choice in words."""

    def __init__(self, label: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(label, orderable=False, **kwargs)
        self.choices = dict(choices.choices)

    def render(self, value: str) -> str:
        return str(self.choices.get(value, value))


class LineAmountColumn(PortalColumn):
    """An exact amount; it leads to the explanation of the line. Absent in an estimate: ``--``."""

    css = "pc-figures"
    unit = "USD"

    def __init__(self, label: Any, *, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(label, orderable=False, **kwargs)
        if kept:
            self.css = f"{self.css} pc-kept"

    def render(self, record: Any, value: Decimal) -> SafeString:
        return portal.amount(value, PLACES, reverse("billing:line", args=[record.pk]))


class TermsColumn(PortalColumn):
    """``25%``, or a fixed unit price."""

    css = "pc-figures"

    def render(self, record: Any) -> str:
        terms = Terms(record.settlement, record.percent, record.unit_price)
        return terms.discount or str(portal.NONE)


def _trade(record: Any) -> str:
    return record.charge.order_no or str(record.pk)


class TradeColumn(PortalColumn):
    """The order ID, or the transaction ID of what has no order."""

    def render(self, record: Any) -> str:
        return _trade(record)


class ModeColumn(WordsColumn):
    """The billing mode, in one piece: "Pay-per-use" would break at its hyphens."""

    css = "pc-nowrap"


def is_distributor(actor: Actor) -> bool:
    """Whether the list names the reseller of each customer (05-BFD-06)."""
    return actor.partner_kind == PartnerKind.DISTRIBUTOR


def _column(label: Any, accessor: str, **kwargs: Any) -> PortalColumn:
    return PortalColumn(label, accessor=accessor, orderable=False, **kwargs)


class DetailsTable(PortalTable):
    """Lines, newest first."""

    customer = _column(
        _("Customer Name/Account"),
        "customer__name",
        second="customer__full_name",
        second_label=_("Customer Name"),
        second_mask=masking.NAME,
        select=["customer", "charge"],
        fixed=True,
    )
    reseller = _column(
        _("Reseller"), "charge__partner__name", select=["charge__partner"], shown=is_distributor
    )
    service = _column(
        _("Product Type"), "charge__service_type__name", select=["charge__service_type"]
    )
    product = _column(_("Product Name"), "charge__product__name", select=["charge__product"])
    mode = ModeColumn(_("Billing Mode"), BillingMode, accessor="charge__mode")
    bill_type = WordsColumn(_("Bill Type"), BillType, accessor="charge__bill_type")
    trade = TradeColumn(_("Order/Transaction ID"), accessor="pk", orderable=False)
    charged_at = TimeColumn(_("Transaction Time"))
    list_amount = LineAmountColumn(
        _("Customer Expenditure"), accessor="charge__list_amount", basis=_("list price")
    )
    settlement = WordsColumn(_("Settlement Type"), Settlement)
    terms = TermsColumn(_("Settlement Discount"), accessor="settlement", orderable=False)
    settled = LineAmountColumn(_("Settlement Amount"), kept=True)
    coupons = LineAmountColumn(_("Coupons Used"), shown=False)
    before_tax = LineAmountColumn(_("Amount Due Exclusive of Tax"), shown=False)
    tax = LineAmountColumn(_("Tax"), shown=False)
    due = LineAmountColumn(_("Amount Due"), shown=False)
    region = _column(_("Region"), "charge__region__name", select=["charge__region"], shown=False)
    default_order = ("-charged_at",)

    def name_of(self, record: Any) -> str:
        return _trade(record)
