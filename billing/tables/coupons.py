"""Tables of coupons, their uses and their history (05 §8.4.5.1.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, Value, When
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from catalog.choices import BillingMode
from partner_center import masking, money
from partner_center.actors import Actor
from partner_center.lists.columns import AmountColumn, BadgeColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import CouponMove
from ..models import Coupon, CouponEntry, CouponUse
from ..queries import coupons as queries
from ..rules.terms import last_second
from .terms import customer_page

#: Name of the page that explains a line of a bill.
LINE = "billing:line"
#: Names of services that stand in a cell before View All.
NAMED = 2


class BalanceColumn(AmountColumn):
    """What is left, to 2 decimals (05-BIL-11); ``--`` where nothing is."""

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(money.to_places(value, 2), 2) if value else portal.NONE


class ValidityColumn(PortalColumn):
    """From and to, one below the other."""

    css = "pc-nowrap"
    unit = TimeColumn.unit

    def render(self, record: Coupon) -> SafeString:
        ends = portal.moment(last_second(record.ends_at))
        return format_html("<span>{} –<br>{}</span>", portal.moment(record.starts_at), ends)


class ApplicableColumn(PortalColumn):
    """What it pays; more than two names stand behind View All (05-CPV-06)."""

    def render(self, record: Coupon) -> SafeString:
        context = {"coupon": record, **applicable_of(record)}
        return render_to_string("billing/coupons/parts/applicable.html", context)


def applicable_of(coupon: Coupon) -> dict[str, Any]:
    """Names of what a coupon pays or does not pay: the first ones, and all where there are more."""
    excluded = [service.name for service in coupon.excluded.all()]
    names = excluded or [service.name for service in coupon.applicable.all()]
    return {
        "is_excluded": bool(excluded),
        "names": ", ".join(names),
        "few": ", ".join(names[:NAMED]) if len(names) > NAMED else "",
    }


class _PartyColumn(PortalColumn):
    """Account name and, masked under it, the name; ``All`` for everybody."""

    empty_values = ()

    def render(self, value: str) -> str:
        return value or _g("All")


def is_distributor(actor: Actor) -> bool:
    """Whether coupons may be for one reseller (06-DCP-02); others choose the column."""
    return actor.partner_kind == PartnerKind.DISTRIBUTOR


class _CouponTable(PortalTable):
    def name_of(self, record: Coupon) -> str:
        return f"{record.name} {record.number}"


class CouponTable(_CouponTable):
    """Tabs All and Test Coupons; of these that are valid the first to expire stands first."""

    name = PortalColumn(
        _("Cash Coupon Name/ID"),
        second="number",
        second_label=_("Cash Coupon ID"),
        linkify=("billing:coupon", {"coupon_id": tables.A("pk")}),
        fixed=True,
    )
    balance = BalanceColumn(_("Balance"))
    state = BadgeColumn(_("Status"), family="coupon", accessor="state", orderable=False)
    validity = ValidityColumn(
        _("Validity"),
        accessor="ends_at",
        export={_("Valid from"): F("starts_at"), _("Valid until"): F("ends_at")},
    )
    applicable = ApplicableColumn(
        _("Applicable Product"),
        accessor="pk",
        prefetch=["applicable", "excluded"],
        orderable=False,
        export=False,
    )
    customer = _PartyColumn(
        _("Customer/Account Name"),
        accessor="customer__name",
        second="customer__full_name",
        second_label=_("Customer Name"),
        second_mask=masking.NAME,
        select=["customer"],
        linkify=customer_page,
    )
    reseller = _PartyColumn(
        _("Reseller Name/Account"),
        accessor="reseller__name",
        second="reseller__full_name",
        second_label=_("Reseller Name"),
        select=["reseller"],
        shown=is_distributor,
    )
    modes = PortalColumn(_("Billing Mode"), orderable=False, export=False, empty_values=())
    source = PortalColumn(_("Source"), orderable=False, shown=False, export=False)
    remarks = PortalColumn(_("Remarks"), orderable=False, empty_values=())
    default_order = ("-validity",)

    def render_modes(self, record: Coupon) -> str:
        """``Yearly/Monthly/Pay-per-use``."""
        return modes_of(record)

    def render_remarks(self, record: Coupon) -> str:
        """What the operator wrote, and what holds of the coupon."""
        return remarks_of(record)


def modes_of(coupon: Coupon) -> str:
    """Billing modes, joined by slashes; All for all of them."""
    return "/".join(str(BillingMode(mode).label) for mode in coupon.modes) or _g("All")


def remarks_of(coupon: Coupon) -> str:
    """The operator's remarks, and what the coupon says of the Marketplace and of several uses."""
    found = [coupon.remarks] if coupon.remarks else []
    if not coupon.pays_marketplace:
        found.append(_g("Inapplicable to Marketplace products"))
    return "; ".join([*found, _g("Can be used on multiple purchases")])


class CouponUseTable(PortalTable):
    """The lines of bills that a coupon paid, newest first."""

    trade = PortalColumn(
        _("Order/Transaction ID"),
        accessor="record_id",
        orderable=False,
        fixed=True,
    )
    bill = PortalColumn(
        _("Bill"),
        accessor="bill__number",
        second="cycle",
        second_label=_("Billing Cycle"),
        select=["bill"],
    )
    charged_at = TimeColumn(_("Transaction Time"), orderable=False)
    customer_name = PortalColumn(_("Account Name"), orderable=False)
    product_name = PortalColumn(_("Product Name"), orderable=False)
    move = PortalColumn(_("Type"), accessor="pk", orderable=False, export=False)
    amount = AmountColumn(_("Amount"), places=8)
    default_order = ("-bill",)

    def render_trade(self, record: Any) -> str:
        """The number of the transaction."""
        return queries.trade_of(record)

    def render_amount(self, record: CouponUse, value: Decimal) -> SafeString:
        """The amount, which opens how its line came about."""
        return portal.amount(value, 8, portal.url_if_exists(LINE, record.record_id))

    def render_move(self, record: CouponUse) -> str:
        """Whether it was used, or came back."""
        return _g("Used") if record.amount > 0 else _g("Returned")

    def name_of(self, record: CouponUse) -> str:
        return str(record.record_id)


class CouponEntryTable(PortalTable):
    """The cash coupon quota history, newest first."""

    at = TimeColumn(_("Time"), fixed=True)
    coupon = PortalColumn(
        _("Cash Coupon Name/ID"),
        accessor="coupon__name",
        second="coupon__number",
        second_label=_("Cash Coupon ID"),
        select=["coupon"],
        linkify=("billing:coupon", {"coupon_id": tables.A("coupon_id")}),
    )
    move = PortalColumn(
        _("Type"),
        orderable=False,
        export=Case(*(When(move=each, then=Value(str(each.label))) for each in CouponMove)),
    )
    amount = AmountColumn(_("Amount"), places=8)
    balance = AmountColumn(_("Balance"), places=8, orderable=False)
    bill = PortalColumn(
        _("Bill"),
        accessor="bill__number",
        second="bill__cycle",
        second_label=_("Billing Cycle"),
        select=["bill"],
        orderable=False,
    )
    remarks = PortalColumn(_("Remarks"), orderable=False)
    default_order = ("-at",)

    def name_of(self, record: CouponEntry) -> str:
        return f"{record.coupon.name} {record.at:%Y-%m-%d}"
