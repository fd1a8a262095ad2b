"""Export Bill Details: the 56 columns of a line (05 §8.4.1.3; docs/formats/bill-details.md).

Every column is an expression over plain joins, so that a file is one COPY of the database. A column
that does not apply to a line is empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from catalog.choices import BillingMode, Period
from metering.choices import BillType
from orders.choices import OrderType
from partner_center import exporting, masking
from partner_center.actors import Actor
from partner_center.exporting import ExportColumn, Source

from ..choices import Settlement
from ..permissions import VIEW_BILLS
from ..queries import details

#: Column 9 as the seed writes it. A package is bought for a term; savings plans are not in the seed.
MODES = [
    (BillingMode.PAY_PER_USE, "Pay-per-use"),
    (BillingMode.YEARLY_MONTHLY, "Yearly/monthly"),
    (BillingMode.RESERVED_UPFRONT, "Reserved instance-upfront payment"),
    (BillingMode.RESERVED_HOURLY, "Reserved instance-hourly billing"),
    (BillingMode.PACKAGE, "Yearly/monthly"),
    (BillingMode.SAVINGS_PLAN, "Savings plan"),
]
BILL_TYPES = [
    (BillType.EXPENDITURE, "Expenditure"),
    (BillType.REFUND, "Refund"),
    (BillType.ADJUSTMENT, "Adjustment"),
]
#: Column 23.
ORDER_TYPES = [
    (OrderType.NEW, "New purchase"),
    (OrderType.RENEWAL, "Renewal"),
    (OrderType.CHANGE, "Change"),
    (OrderType.UNSUBSCRIPTION, "Unsubscription"),
    (OrderType.TO_PERIOD, "Change"),
    (OrderType.TO_USAGE, "Change"),
]
SETTLEMENTS = [
    (Settlement.COMMON, "Common product"),
    (Settlement.PROMOTIONAL, "Promotional product"),
    (Settlement.NO_DISCOUNT, "No discount"),
    (Settlement.SPECIAL, "Special discount request"),
]
PERIODS = [(period.value, period.name.replace("_", "-").capitalize()) for period in Period]

#: Heads that the file of a distributor writes in another way (06-DBF-02).
DISTRIBUTOR_HEADS = {
    "Unit Price (USD)": "Unit Price",
    "Conversion Factor": "Conversion factor",
    "Start Time": "Start time",
    "End Time": "End time",
}

USED = Q(charge__mode=BillingMode.PAY_PER_USE)
USED_OR_RESERVED = Q(charge__mode__in=[BillingMode.PAY_PER_USE, BillingMode.RESERVED_HOURLY])
OF_TERM = Q(charge__mode__in=[BillingMode.YEARLY_MONTHLY, BillingMode.PACKAGE])
UPFRONT = Q(charge__mode=BillingMode.RESERVED_UPFRONT)


_ZONED = "to_char(%(expressions)s AT TIME ZONE INTERVAL '8 hours', 'DAY HH24:MI:SS \"GMT+08:00\"')"


class Trimmed(Func):
    """A number without trailing zeros, exact."""

    template = "trim_scale(%(expressions)s)"
    output_field = DecimalField()


class LookedUp(Func):
    """The text that a mapping, bound as one value, has for a key."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = TextField()


class _Percent(Func):
    """``25%``."""

    template = "trim_scale(%(expressions)s)::text || '%%%%'"
    output_field = TextField()


class _Moment(Func):
    """A moment in GMT+08:00, with its zone: ``2020-09-28 09:00:00 GMT+08:00``."""

    template = _ZONED.replace("DAY", "YYYY-MM-DD")
    output_field = TextField()


class _SlashedMoment(Func):
    """The same as the last columns write it: ``2024/05/31 16:00:00 GMT+08:00``."""

    template = _ZONED.replace("DAY", "YYYY/MM/DD")
    output_field = TextField()


class _LastSecond(_SlashedMoment):
    """Its last second, for an end that does not belong to the period."""

    template = _SlashedMoment.template.replace(
        "%(expressions)s", "(%(expressions)s - INTERVAL '1 second')"
    )


class _ValidDays(Func):
    """Measurement points of the days of a month, in percent: 4320 of 30 × 288 is 50 (column 46)."""

    template = (
        "trim_scale(round(%(expressions)s * 100.0 / 288 / extract(day FROM (coalesce(nullif("
        "{origin}, ''), {cycle}) || '-01')::date + interval '1 month' - interval '1 day'), 10))::text"
        " || '%%%%'"
    )
    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        """Points come first, then the two cycles."""
        (points, own), (origin, own2), (cycle, own3) = (
            compiler.compile(each) for each in self.get_source_expressions()
        )
        template = self.template.replace("{origin}", origin).replace("{cycle}", cycle)
        return template % {"expressions": points}, [*own, *own2, *own3]


def words(name: str, choices: Any) -> ExpressionWrapper:
    """A stored choice as the file prints it."""
    return ExpressionWrapper(F(name), CharField(choices=choices))


def only(condition: Q, value: Combinable) -> Case:
    """The value where the condition holds, else nothing."""
    return Case(When(condition, then=value))


def of_charge(name: str) -> F:
    """A column of the line's charge."""
    return F(f"charge__{name}")


def trade_id() -> Case:
    """Order ID, or the transaction ID of what has no order (column 20)."""
    number = Cast("pk", CharField())
    order = When(charge__order_no__gt="", then=of_charge("order_no"))
    return Case(order, default=number, output_field=CharField())


class BillDetailsExporter:
    """The lines of one cycle, by transaction number. Parameter: ``cycle`` (YYYY-MM)."""

    name = "bill_details"
    label = _("Bill details")
    permission = VIEW_BILLS

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """The lines of the bill, or of the estimate with coupons and tax empty (05-BFD-07)."""
        book = details.get_book(actor, params["cycle"])
        heads = {**_whose(), **_what(), **_order(), **_usage(), **_covered()}
        heads |= {**_money(is_estimate=book.bill is None), **_more(), **_pricing()}
        theirs = DISTRIBUTOR_HEADS if actor.partner_kind == PartnerKind.DISTRIBUTOR else {}
        columns = [ExportColumn(theirs.get(head, head), value) for head, value in heads.items()]
        return Source(book.lines.order_by("pk"), columns)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """The cycle."""
        return str(params["cycle"])


def _whose() -> dict[str, Combinable]:
    """Columns 1 to 7. The partner is whom the customer is associated with (05-BFD-06)."""
    return {
        "Customer ID": F("customer__public_id"),
        "Billing Cycle": F("cycle"),
        "Customer Name": masking.NAME.sql(F("customer__full_name")),
        "Account Name": F("customer__name"),
        "Partner ID": of_charge("partner__public_id"),
        "Partner Name": of_charge("partner__full_name"),
        "Partner Account Name": of_charge("partner__name"),
    }


def _what() -> dict[str, Combinable]:
    """Columns 8 to 19."""
    return {
        "Bill Type": words("charge__bill_type", BILL_TYPES),
        "Billing Mode": words("charge__mode", MODES),
        "Product Type": of_charge("service_type__name"),
        "Product Type Code": of_charge("service_type__code"),
        "Product Name": of_charge("product__name"),
        "Product ID": of_charge("product__code"),
        # Of hardware cloud services, which the catalogue has none of.
        "Application": Value(None, output_field=CharField()),
        "Specifications": _specification(),
        "Resource Type": of_charge("product__resource_type__name"),
        "Resource Type Code": of_charge("product__resource_type__code"),
        "Region": of_charge("region__name"),
        "Cloud Service Region Code": of_charge("region__code"),
    }


def _specification() -> Combinable:
    """Values of the attributes, and the size of what is sold by size: ``Common I/O|10.0 GB``."""
    known = Value(json.dumps(details.spec_texts()))
    text = LookedUp(
        Cast(known, output_field=_Json()), Cast(of_charge("product__spec_id"), TextField())
    )
    size = Concat(
        text,
        Value("|"),
        Cast(of_charge("size"), TextField()),
        Value(".0 "),
        of_charge("product__spec__size_unit__abbreviation"),
        output_field=TextField(),
    )
    sized = When(charge__size__isnull=False, charge__product__spec__size_unit__gt=0, then=size)
    return Case(sized, default=text, output_field=TextField())


class _Json(TextField):
    """A bound text that the database reads as JSON, once."""

    def db_type(self, connection: Any) -> str:
        return "jsonb"

    def cast_db_type(self, connection: Any) -> str:
        return "jsonb"


def _order() -> dict[str, Combinable]:
    """Columns 20 to 26."""
    return {
        "Order ID/Transaction ID": trade_id(),
        "Original Order ID": NullIf(of_charge("original_order_no"), Value("")),
        "Transaction Time": _Moment("charged_at"),
        "Order Type": ExpressionWrapper(
            NullIf(of_charge("order_type"), Value("")), CharField(choices=ORDER_TYPES)
        ),
        "Number of Terms": only(OF_TERM, of_charge("period_count")),
        "Term Unit": ExpressionWrapper(
            only(OF_TERM & ~Q(charge__period=""), of_charge("period")), CharField(choices=PERIODS)
        ),
        "Whether a Spot Instance": Case(
            When(charge__product__is_spot=True, then=Value("Y")), default=Value("N")
        ),
    }


def _usage() -> dict[str, Combinable]:
    """Columns 27 to 34."""
    price_unit = Case(
        When(
            charge__product__spec__size_unit__gt=0,
            then=Concat(
                Value("Dollar/"),
                of_charge("product__spec__size_unit__name"),
                Value("/"),
                of_charge("pricing_unit__name"),
            ),
        ),
        default=Concat(Value("Dollar/"), of_charge("pricing_unit__name")),
        output_field=TextField(),
    )
    unit = of_charge("usage_unit__name")
    has_price = Q(charge__mode__in=[BillingMode.PAY_PER_USE, BillingMode.YEARLY_MONTHLY])
    return {
        "Billing Item Code": only(USED_OR_RESERVED, of_charge("product__usage_type__code")),
        "Billing Item Name": only(USED, of_charge("product__usage_type__name")),
        "Unit Price (USD)": only(has_price, Trimmed(of_charge("unit_price"))),
        "Unit": only(USED & Q(charge__pricing_unit__isnull=False), price_unit),
        "Usage": only(USED, Trimmed(of_charge("usage"))),
        "Usage Unit": only(USED, unit),
        "Package Usage": only(USED, Trimmed(of_charge("package_usage"))),
        "Unit (Package Usage)": only(USED & Q(charge__package_usage__isnull=False), unit),
    }


def _covered() -> dict[str, Combinable]:
    """Columns 35 and 36."""
    has_reserved = USED_OR_RESERVED & Q(charge__reserved_usage__isnull=False)
    return {
        "Reserved Instance Usage": only(USED_OR_RESERVED, Trimmed(of_charge("reserved_usage"))),
        "Unit (Reserved Instance Usage)": only(has_reserved, of_charge("usage_unit__name")),
    }


def _money(*, is_estimate: bool) -> dict[str, Combinable]:
    """Columns 37 to 45; 41 and 43 to 45 are empty in an estimate (05-BFD-07)."""
    discount = Case(
        When(unit_price__isnull=False, then=Cast(Trimmed("unit_price"), TextField())),
        default=_Percent(Coalesce(F("percent"), Value(0), output_field=DecimalField())),
        output_field=TextField(),
    )
    return {
        "Customer Expenditure (USD)": Trimmed(of_charge("list_amount")),
        "Settlement Type": words("settlement", SETTLEMENTS),
        "Settlement Discount": discount,
        "Payment (USD)": Trimmed("settled"),
        **(_not_yet() if is_estimate else _final()),
    }


def _not_yet() -> dict[str, Combinable]:
    """What only the bill run decides."""
    return {head: Value(None, output_field=CharField()) for head in _final()}


def _final() -> dict[str, Combinable]:
    """Columns 41 to 45."""
    is_back = Case(
        When(returns_coupons=True, then=Value("Yes")),
        When(returns_coupons=False, then=Value("No")),
        output_field=CharField(),
    )
    return {
        "Coupons Used (USD)": Trimmed("coupons"),
        "Whether to Refund Coupons": only(Q(charge__bill_type=BillType.REFUND), is_back),
        "Tax-Exclusive Amount Due (USD)": Trimmed(F("settled") - F("coupons")),
        "Tax Amount": Trimmed("tax"),
        "Amount Due (USD)": Trimmed(F("settled") - F("coupons") + F("tax")),
    }


def _more() -> dict[str, Combinable]:
    """Columns 46 to 49."""
    percentile = Q(charge__product__is_percentile=True, charge__points__isnull=False)
    days = _ValidDays(of_charge("points"), of_charge("origin_cycle"), of_charge("cycle"))
    unsubscribed = Q(charge__order_type=OrderType.UNSUBSCRIPTION) & ~Q(charge__reason="")
    return {
        "Usage Days/Total": only(percentile, days),
        "Quantity": only(OF_TERM | UPFRONT, of_charge("quantity")),
        "RI Hours Purchased": only(UPFRONT, of_charge("reserved_hours")),
        "Unsubscription Reason": only(unsubscribed, of_charge("reason")),
    }


def _pricing() -> dict[str, Combinable]:
    """Columns 50 to 56."""
    return {
        "Total Usage (Pricing Unit)": only(USED, Trimmed(of_charge("pricing_total"))),
        "Usage Unit (for Pricing)": only(USED, of_charge("pricing_unit__name")),
        "Package Usage (Pricing Unit)": only(USED, Trimmed(of_charge("pricing_package"))),
        "Usage in Reserved Instances (Pricing Unit)": only(
            USED_OR_RESERVED, Trimmed(of_charge("pricing_reserved"))
        ),
        "Conversion Factor": only(USED, Trimmed(of_charge("conversion_factor"))),
        "Start Time": _SlashedMoment(of_charge("started_at")),
        "End Time": _LastSecond(of_charge("ended_at")),
    }


DETAILS = BillDetailsExporter()
exporting.register(DETAILS)
