"""The table of the expenditure details (04 §8.3.4.2, 06-DED-01)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

import orders.choices
from accounts.choices import PartnerKind
from catalog.choices import BillingMode
from customers.choices import AssociationModel
from partner_center import masking, money
from partner_center.actors import Actor
from partner_center.lists.columns import BadgeColumn, NarrowTimeColumn, PortalColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..models import Charge
from ..queries import amounts, details, reach
from ..rules.wording import bill_type_words, last_second, trade_number

#: Long words such as Yearly/Monthly may go on below, so that the table needs no scrolling.
_BREAK = SafeString("/<wbr>")


class WordsColumn(PortalColumn):
    """A stored choice in words."""

    def __init__(self, label: Any, choices: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(label, orderable=False, **kwargs)
        self.choices = dict(choices.choices)

    def render(self, value: str) -> SafeString:
        words = str(self.choices.get(value, value)).split("/")
        return format_html_join(_BREAK, "{}", ((word,) for word in words))


class CycleColumn(PortalColumn):
    """A billing cycle, ``2026-11``, on one line."""

    css = "pc-nowrap"


class PeriodColumn(PortalColumn):
    """From and to, in GMT+08:00; the end as its last second."""

    css = "pc-nowrap"
    unit = "GMT+08:00"

    def render(self, record: Charge) -> SafeString:
        begins, ends = record.started_at, last_second(record.ended_at)
        return format_html(
            '<span>{}<span class="pc-sub">{}</span></span>',
            portal.moment(begins),
            portal.moment(ends),
        )


class AmountColumn(PortalColumn):
    """An amount to 8 decimals (05-BIL-13, 04 D-30).

    ``explained`` ones lead to the computation; one that is ``kept`` stays in sight at the end of a
    table that must be scrolled.
    """

    css = "pc-figures"
    unit = "USD"

    def __init__(
        self, label: Any, *, explained: bool = False, kept: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, orderable=False, **kwargs)
        self.explained = explained
        if kept:
            self.css = f"{self.css} pc-kept"

    def render(self, record: Charge, value: Decimal) -> SafeString:
        href = reverse("expenditure:charge", args=[record.pk]) if self.explained else ""
        return portal.amount(money.to_places(value, amounts.PLACES), amounts.PLACES, href)


class TradeColumn(PortalColumn):
    """The order ID, or the transaction ID of what has no order."""

    def render(self, record: Charge) -> str:
        return trade_number(record.order_no, record.pk)


class BillTypeColumn(PortalColumn):
    """``Expenditure - hourly billing``."""

    def render(self, record: Charge) -> str:
        return bill_type_words(record.bill_type, record.mode)


def is_distributor(actor: Actor) -> bool:
    """Whether the list shows whose customer each is (06-DED-01)."""
    return actor.partner_kind == PartnerKind.DISTRIBUTOR


class ExpenditureTable(PortalTable):
    """Charges, newest first."""

    customer = PortalColumn(
        _("Customer Name/Account"),
        accessor="customer__name",
        second="customer__full_name",
        second_label=_("Customer Name"),
        second_mask=masking.NAME,
        select=["customer"],
        orderable=False,
        fixed=True,
    )
    #: The filter above the list says it: there is always one.
    cycle = CycleColumn(_("Billing Cycle"), orderable=False, shown=False)
    model = WordsColumn(_("Association Type"), AssociationModel)
    partner = PortalColumn(
        _("Partner Name/Account"),
        accessor="partner__name",
        second="partner__full_name",
        second_label=_("Partner Name"),
        select=["partner"],
        orderable=False,
        shown=is_distributor,
    )
    manager = PortalColumn(
        _("Account Manager"),
        accessor="manager_name",
        annotate={"manager_name": reach.manager_name()},
        orderable=False,
    )
    service = PortalColumn(
        _("Product Type"), accessor="service_type__name", select=["service_type"], orderable=False
    )
    product = PortalColumn(
        _("Product Name"), accessor="product__name", select=["product"], orderable=False
    )
    mode = WordsColumn(_("Billing Mode"), BillingMode)
    period = PeriodColumn(_("Spent On"), accessor="started_at", orderable=False)
    trade = TradeColumn(_("Order/Transaction ID"), accessor="pk", orderable=False)
    order_type = WordsColumn(_("Order Type"), orders.choices.OrderType)
    bill_type = BillTypeColumn(_("Bill Type"), orderable=False)
    charged_at = NarrowTimeColumn(_("Transaction Time"))
    list_amount = AmountColumn(
        _("Total Expenditure"), basis=_("list price"), explained=True, kept=True
    )
    status = BadgeColumn(
        _("Status"),
        family="charge",
        accessor="status_word",
        annotate={"status_word": details.status_word()},
        orderable=False,
        shown=False,
    )
    resource = PortalColumn(
        _("Resource ID"),
        accessor="resource_id",
        second="record__resource_name",
        second_label=_("Resource"),
        select=["record"],
        orderable=False,
        shown=False,
    )
    region = PortalColumn(
        _("Region"), accessor="region__name", select=["region"], orderable=False, shown=False
    )
    discount_amount = AmountColumn(_("Discounted Amount"), shown=False)
    due = AmountColumn(
        _("Amount Due"), annotate={"due": amounts.due()}, explained=True, shown=False
    )
    cash = AmountColumn(_("Cash Paid"), annotate={"cash": amounts.cash()}, shown=False)
    coupons = AmountColumn(_("Coupons Used"), annotate={"coupons": amounts.coupons()}, shown=False)
    monthly = AmountColumn(
        _("Monthly Settlement"), annotate={"monthly": amounts.monthly_settlement()}, shown=False
    )
    default_order = ("-charged_at",)

    def name_of(self, record: Charge) -> str:
        return trade_number(record.order_no, record.pk)
