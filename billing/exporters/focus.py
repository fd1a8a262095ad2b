"""The bill details in FOCUS 1.0, the FinOps Open Cost and Usage Specification.

Mapping and rules: docs/formats/focus-export.md. A line is up to three rows: the charge, a credit for
what coupons paid of it, its tax. The sum of ``BilledCost`` is the exact total of the bill.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, DecimalField, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from catalog.choices import BillingMode
from metering.choices import BillType
from partner_center import exporting
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.exporting import ExportColumn, Source

from ..permissions import VIEW_BILLS
from ..queries import details
from .details import Trimmed, of_charge, only

#: Who provides the cloud and issues the bill.
PROVIDER = "Huawei Cloud"
#: The service categories of FOCUS; whatever else the catalogue has is its "Other".
CATEGORIES = {
    name: name
    for name in (
        "AI and Machine Learning",
        "Analytics",
        "Business Applications",
        "Compute",
        "Databases",
        "Developer Tools",
        "Identity",
        "Integration",
        "Internet of Things",
        "Management and Governance",
        "Media",
        "Migration",
        "Mobile",
        "Multicloud",
        "Networking",
        "Security",
        "Storage",
        "Web",
    )
} | {
    "AI": "AI and Machine Learning",
    "Containers": "Compute",
    "Content Delivery": "Networking",
    "Management": "Management and Governance",
    "Middleware": "Integration",
}
IS_CHARGE, IS_TAX = Q(part="charge"), Q(part="tax")
IS_LATE = ~Q(charge__origin_cycle="")
IS_CORRECTING = Q(charge__bill_type=BillType.ADJUSTMENT) & IS_LATE
IS_OTHER = ~Q(charge__bill_type=BillType.EXPENDITURE) & ~IS_CORRECTING
IS_ORDER = ~Q(charge__order_no="")
IS_METERED = Q(charge__mode=BillingMode.PAY_PER_USE) & ~IS_ORDER
#: Rows that have a price and quantities.
IS_PRICED = IS_CHARGE & ~IS_OTHER
IS_RESERVED = Q(charge__mode__in=[BillingMode.RESERVED_UPFRONT, BillingMode.RESERVED_HOURLY])
IS_PLAN = Q(charge__mode=BillingMode.SAVINGS_PLAN)
IS_COMMITTED = IS_RESERVED | IS_PLAN
TEXT = TextField()
NOTHING = Value(None, output_field=CharField())


class _Utc(Func):
    """A moment in UTC as FOCUS writes it: ``2026-10-01T00:00:00Z``."""

    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    output_field = TEXT


class _Divided(Func):
    """Exact to 15 decimals; nothing where the divisor is zero."""

    template = "trim_scale(round(%(expressions)s, 15))"
    arg_joiner = " / "
    output_field = DecimalField()


class FocusExporter:
    """The lines of one cycle as FOCUS rows, by transaction number. Parameter: ``cycle`` (YYYY-MM)."""

    name = "bill_focus"
    label = _("Bill details (FOCUS 1.0)")
    permission = VIEW_BILLS

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """The rows of the bill; of an open cycle the charges, at the settlement of now."""
        book = details.get_book(actor, params["cycle"])
        heads = {
            **_accounts(actor, BillingCycle.parse(book.cycle)),
            **_charge(),
            **_costs(),
            **_quantities(),
            **_commitment(),
            **_things(),
        }
        columns = [ExportColumn(head, heads[head]) for head in sorted(heads)]
        return Source(book.parts.order_by("pk", "part"), columns, byte_order_mark=False)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """The cycle."""
        return str(params["cycle"])


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _moment(moment: datetime) -> Value:
    return _word(f"{moment:%Y-%m-%dT%H:%M:%SZ}")


def _accounts(actor: Actor, cycle: BillingCycle) -> dict[str, Combinable]:
    """Who is billed for when; a customer is a sub-account."""
    public_id, name = details.payer_names(actor)
    return {
        "BillingAccountId": _word(public_id),
        "BillingAccountName": _word(name),
        "BillingCurrency": _word("USD"),
        "BillingPeriodStart": _moment(cycle.start),
        "BillingPeriodEnd": _moment(cycle.end),
        "InvoiceIssuerName": _word(PROVIDER),
        "ProviderName": _word(PROVIDER),
        "PublisherName": _word(PROVIDER),
        "SubAccountId": F("customer__public_id"),
        "SubAccountName": F("customer__name"),
    }


def _charge() -> dict[str, Combinable]:
    """What kind of charge a row is. A late record corrects a period that was billed before."""
    category = Case(
        When(IS_TAX, then=_word("Tax")),
        When(part="coupon", then=_word("Credit")),
        When(IS_OTHER, then=_word("Adjustment")),
        When(IS_METERED, then=_word("Usage")),
        default=_word("Purchase"),
    )
    frequency = Case(
        When(IS_CHARGE & IS_METERED & ~IS_OTHER, then=_word("Usage-Based")),
        When(IS_CHARGE & IS_COMMITTED & ~IS_ORDER & ~IS_OTHER, then=_word("Recurring")),
        default=_word("One-Time"),
    )
    return {
        "ChargeCategory": category,
        "ChargeClass": only(IS_CHARGE & IS_CORRECTING, _word("Correction")),
        "ChargeDescription": of_charge("product__name"),
        "ChargeFrequency": frequency,
        "ChargePeriodStart": _Utc(of_charge("started_at")),
        "ChargePeriodEnd": _Utc(of_charge("ended_at")),
    }


def _costs() -> dict[str, Combinable]:
    """Costs in USD. Tax is that of the cost that it stands beside; a credit has no list price."""
    zero = Value(0, output_field=DecimalField())
    taxed = F("settled") - F("coupons")

    def cost(amount: Combinable) -> Case:
        return Case(
            When(IS_CHARGE, then=Trimmed(amount)),
            When(IS_TAX, then=_Divided(amount * F("tax"), taxed)),
            default=zero,
            output_field=DecimalField(),
        )

    return {
        "BilledCost": Trimmed("billed"),
        "EffectiveCost": Trimmed("billed"),
        "ListCost": cost(of_charge("list_amount") * 1),
        "ContractedCost": cost(F("settled") * 1),
    }


def _quantities() -> dict[str, Combinable]:
    """Quantities and prices, of usage and purchases only.

    Unit prices are costs by quantity: they hold for tiers and valid days of a month as well.
    """
    saved = Coalesce(of_charge("pricing_savings"), 0, output_field=DecimalField())
    charged = (
        of_charge("pricing_total")
        - of_charge("pricing_package")
        - of_charge("pricing_reserved")
        - saved
    ) * Coalesce(of_charge("size"), 1)
    number = Coalesce(of_charge("quantity"), 1)
    quantity = Case(
        When(charge__pricing_total__isnull=False, then=charged),
        default=number,
        output_field=DecimalField(),
    )
    consumed = (
        Coalesce(of_charge("usage"), 0, output_field=DecimalField())
        + Coalesce(of_charge("package_usage"), 0, output_field=DecimalField())
        + Coalesce(of_charge("reserved_usage"), 0, output_field=DecimalField())
        + Coalesce(of_charge("savings_usage"), 0, output_field=DecimalField())
    )
    unit = Case(
        When(charge__pricing_total__isnull=False, then=of_charge("pricing_unit__name")),
        default=_word("Unit"),
    )
    is_usage = IS_PRICED & IS_METERED
    return {
        "ConsumedQuantity": only(is_usage, Trimmed(consumed)),
        "ConsumedUnit": only(is_usage, of_charge("usage_unit__name")),
        "PricingQuantity": only(IS_PRICED, Trimmed(quantity)),
        "PricingUnit": only(IS_PRICED, unit),
        "PricingCategory": only(IS_PRICED, _pricing_category()),
        "ListUnitPrice": only(IS_PRICED, _price(of_charge("list_amount"), quantity)),
        "ContractedUnitPrice": only(IS_PRICED, _price(F("settled"), quantity)),
    }


def _pricing_category() -> Case:
    return Case(
        When(charge__product__is_spot=True, then=_word("Dynamic")),
        When(IS_COMMITTED, then=_word("Committed")),
        default=_word("Standard"),
    )


def _price(cost: F, quantity: Combinable) -> Coalesce:
    known = Coalesce(of_charge("unit_price"), 0, output_field=DecimalField())
    divisor = NullIf(quantity, Value(0, output_field=DecimalField()))
    return Coalesce(_Divided(cost, divisor), Trimmed(known), output_field=DecimalField())


def _commitment() -> dict[str, Combinable]:
    """Reserved instances and savings plans, on the rows that pay for them."""
    kind = Case(
        When(IS_RESERVED, then=_word("Reserved Instance")),
        When(IS_PLAN, then=_word("Savings Plan")),
    )
    category = Case(When(IS_RESERVED, then=_word("Usage")), When(IS_PLAN, then=_word("Spend")))
    has_id = IS_PRICED & IS_COMMITTED & ~Q(charge__resource_id="")
    return {
        "CommitmentDiscountCategory": only(has_id, category),
        "CommitmentDiscountId": only(has_id, of_charge("resource_id")),
        "CommitmentDiscountName": only(has_id, of_charge("record__resource_name")),
        "CommitmentDiscountStatus": NOTHING,
        "CommitmentDiscountType": only(has_id, kind),
    }


def _things() -> dict[str, Combinable]:
    """Service, product, region and resource."""
    categories = Case(
        *(
            When(charge__service_type__category=ours, then=_word(theirs))
            for ours, theirs in CATEGORIES.items()
        ),
        default=_word("Other"),
    )
    has_resource = ~Q(charge__resource_id="")
    return {
        "AvailabilityZone": NOTHING,
        "RegionId": of_charge("region__code"),
        "RegionName": of_charge("region__name"),
        "ResourceId": NullIf(of_charge("resource_id"), Value("")),
        "ResourceName": only(has_resource, NullIf(of_charge("record__resource_name"), Value(""))),
        "ResourceType": only(has_resource, of_charge("product__resource_type__name")),
        "ServiceCategory": categories,
        "ServiceName": of_charge("service_type__name"),
        "SkuId": of_charge("product__code"),
        "SkuPriceId": of_charge("product__code"),
        "Tags": NOTHING,
    }


FOCUS = FocusExporter()
exporting.register(FOCUS)
