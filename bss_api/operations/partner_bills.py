"""The partner's own bills (docs/api/bss-api.md B.9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from billing.permissions import VIEW_BILLS
from billing.queries import bills as queries
from partner_center.clock import BillingCycle

from ..callers import PARTNERS
from ..serializers import AmountField, RequestSerializer
from ..views import Operation

_ZERO = Decimal(0)


class _CycleField(serializers.CharField):
    """A billing month, ``YYYY-MM``."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return str(BillingCycle.parse(super().to_internal_value(data)))
        except ValueError:
            raise serializers.ValidationError("A billing month is written YYYY-MM.") from None


def _amount() -> AmountField:
    return AmountField(decimal_places=8, max_digits=38)


class BillSummaryRequest(RequestSerializer):
    """One month."""

    bill_cycle = _CycleField(max_length=10)


class BillSummaryResponse(serializers.Serializer):
    """Settlement amounts of the month in USD; zeros while the bill is not issued."""

    bill_cycle = serializers.CharField()
    initial_amount_due = _amount()
    consume_amount = _amount()
    refunds = _amount()
    adjustments = _amount()
    tax_amount = _amount()
    currency = serializers.CharField()


class ListPostpaidBillSum(Operation):
    """The summary of the partner's bill of one month."""

    name = "list_postpaid_bill_sum"
    method = "GET"
    path = "/v2/bills/partner-bills/postpaid-bill-summary"
    callers = PARTNERS
    permission = VIEW_BILLS
    reads_only = True
    request_serializer = BillSummaryRequest
    response_serializer = BillSummaryResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        cycle = BillingCycle.parse(data["bill_cycle"])
        bill = queries.get_month(self.actor, cycle).bill
        return {
            "bill_cycle": str(cycle),
            "initial_amount_due": bill.settlement if bill else _ZERO,
            "consume_amount": bill.expenditures if bill else _ZERO,
            "refunds": bill.refunds if bill else _ZERO,
            "adjustments": bill.adjustments if bill else _ZERO,
            "tax_amount": bill.tax if bill else _ZERO,
            "currency": "USD",
        }
