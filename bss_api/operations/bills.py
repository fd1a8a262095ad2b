"""The monthly sum of a customer's own bills (docs/api/bss-api.md B.29), and what bills share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

import metering.queries.api as queries
from metering.choices import BillType
from metering.permissions import VIEW_OWN_BILLS
from metering.queries.api import Accounts, Asked
from partner_center import clock
from partner_center.clock import BillingCycle

from ..callers import Caller
from ..paging import limit_field, page_of
from ..serializers import AmountField, RequestSerializer
from ..views import Operation

CUSTOMERS = frozenset({Caller.CUSTOMER})
TOO_MANY_MEMBERS = {"metering.too_many_members": "CBC.18000048"}
MAX_OFFSET = 2_147_483_646
MAX_LIMIT = 1000
FIRST_CYCLE = "2019-01"
_YEARS_KEPT = 3
DOLLAR = 1
#: ``bill_type`` of the monthly sum.
_KINDS = {BillType.EXPENDITURE: 1, BillType.REFUND: 2, BillType.ADJUSTMENT: 3}
_METHODS = ["oneself", "sub_customer", "all"]
ZERO = Decimal(0)


def offset_field() -> serializers.IntegerField:
    """Rows to skip, as far as these operations allow."""
    return serializers.IntegerField(required=False, default=0, min_value=0, max_value=MAX_OFFSET)


def text(most: int = 128, **kwargs: Any) -> serializers.CharField:
    """A filter that may be absent."""
    return serializers.CharField(max_length=most, required=False, **kwargs)


def amount() -> AmountField:
    """An amount of a bill: 8 decimals."""
    return AmountField(decimal_places=8, max_digits=38)


def quantity() -> AmountField:
    """A metered quantity; 15 decimals at most."""
    return AmountField(decimal_places=15, max_digits=38)


class CycleField(serializers.CharField):
    """A billing month, ``YYYY-MM``, not before 2019-01."""

    def to_internal_value(self, data: Any) -> str:
        found: str = super().to_internal_value(data)
        try:
            cycle = str(BillingCycle.parse(found))
        except ValueError:
            raise serializers.ValidationError("A billing month is written YYYY-MM.") from None
        if cycle < FIRST_CYCLE:
            raise serializers.ValidationError("There are no bills before 2019-01.")
        return cycle


class DayField(serializers.DateField):
    """A day, ``YYYY-MM-DD``, in GMT+08:00."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", input_formats=["%Y-%m-%d"], **kwargs)


class AccountsRequest(RequestSerializer):
    """Whose bills: own ones, one member's, or both (default)."""

    method = serializers.ChoiceField(_METHODS, required=False, default="all")
    sub_customer_id = text(64)
    offset = offset_field()
    limit = limit_field(MAX_LIMIT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["method"] == "sub_customer" and not attrs.get("sub_customer_id"):
            raise serializers.ValidationError(
                {"sub_customer_id": "This field is required with method sub_customer."}
            )
        return attrs


def accounts_of(data: dict[str, Any]) -> Accounts:
    """The accounts that a request names."""
    return Accounts(data["method"], data.get("sub_customer_id", ""))


class MonthlySumRequest(AccountsRequest):
    """A month of the last three years."""

    keeps_blank = frozenset({"enterprise_project_id"})

    bill_cycle = CycleField()
    service_type_code = text()
    enterprise_project_id = text(64)

    def validate_bill_cycle(self, cycle: str) -> str:
        oldest = BillingCycle.of(clock.now()).plus(-12 * _YEARS_KEPT)
        if cycle < str(oldest):
            raise serializers.ValidationError("Bills of the last three years can be queried.")
        return cycle


class BillSum(serializers.Serializer):
    """One service and resource type of the month."""

    bill_cycle = serializers.CharField()
    resource_type_code = serializers.CharField()
    service_type_code = serializers.CharField(source="service_code")
    service_type_name = serializers.CharField(source="service_name")
    resource_type_name = serializers.CharField()
    charging_mode = serializers.IntegerField()
    official_amount = amount()
    official_discount_amount = amount()
    truncated_amount = amount()
    consume_amount = amount()
    coupon_amount = amount()
    flexipurchase_coupon_amount = amount()
    stored_value_card_amount = amount()
    debt_amount = amount()
    writeoff_amount = amount()
    cash_amount = amount()
    credit_amount = amount()
    measure_id = serializers.IntegerField()
    bill_type = serializers.IntegerField()
    customer_id = serializers.CharField(source="customer_uid")
    account_name = serializers.CharField()


class MonthlySumResponse(serializers.Serializer):
    """The page, and the sums over all rows that match."""

    total_count = serializers.IntegerField()
    bill_sums = BillSum(many=True)
    consume_amount = amount()
    debt_amount = amount()
    coupon_amount = amount()
    flexipurchase_coupon_amount = amount()
    stored_value_card_amount = amount()
    cash_amount = amount()
    credit_amount = amount()
    writeoff_amount = amount()
    measure_id = serializers.IntegerField()
    currency = serializers.CharField()


_UNUSED_SUMS = dict.fromkeys(
    (
        "debt_amount",
        "coupon_amount",
        "flexipurchase_coupon_amount",
        "stored_value_card_amount",
        "writeoff_amount",
    ),
    ZERO,
)


class ShowCustomerMonthlySum(Operation):
    """The bill of one month by service."""

    name = "show_customer_monthly_sum"
    method = "GET"
    path = "/v2/bills/customer-bills/monthly-sum"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = MonthlySumRequest
    response_serializer = MonthlySumResponse
    error_codes = TOO_MANY_MEMBERS

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        asked = Asked(
            data["bill_cycle"],
            accounts_of(data),
            service=data.get("service_type_code"),
            project=data.get("enterprise_project_id"),
        )
        rows = queries.monthly_sums(self.actor, asked)
        page, count = page_of(rows, data)
        sums = queries.total_of(rows)
        return {
            "total_count": count,
            "bill_sums": [_bill_sum(row, asked.cycle) for row in page],
            "consume_amount": sums["due"],
            "cash_amount": sums["cash"],
            "credit_amount": sums["credit"],
            "measure_id": DOLLAR,
            "currency": "USD",
            **_UNUSED_SUMS,
        }


def _bill_sum(row: dict[str, Any], cycle: str) -> dict[str, Any]:
    return {
        **row,
        **_UNUSED_SUMS,
        "bill_cycle": cycle,
        "bill_type": _KINDS[row["bill_type"]],
        "official_amount": row["official"],
        "official_discount_amount": row["discount"],
        "truncated_amount": ZERO,
        "consume_amount": row["due"],
        "cash_amount": row["cash"],
        "credit_amount": row["credit"],
        "measure_id": DOLLAR,
    }
