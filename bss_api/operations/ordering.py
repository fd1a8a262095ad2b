"""Paying and canceling orders, for customers (docs/api/bss-api.md B.19, B.20)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from orders.choices import DiscountKind
from orders.permissions import BUY
from orders.queries import api_names
from orders.services import canceling, paying

from ..callers import Caller
from ..errors import ApiError
from ..serializers import RequestSerializer
from ..views import Operation

CUSTOMERS = frozenset({Caller.CUSTOMER})
#: Refusals of the guard, common to paying and to whatever places an order.
GUARD_CODES = {
    "budgets.guard.account_frozen": "CBC.99007004",
    "budgets.guard.held_by_operator": "CBC.99007004",
    "budgets.guard.resources_frozen": "CBC.99007004",
    "budgets.guard.account_suspended": "CBC.99007004",
    "budgets.guard.may_not_buy": "CBC.99007004",
    "budgets.guard.partner_restricted": "CBC.99007004",
    "budgets.guard.budget_insufficient": "CBC.99003198",
}
_YES_NO = "^(YES|NO)$"
_KINDS = {3: DiscountKind.PARTNER, 609: DiscountKind.ADJUSTMENT}


class Coupon(serializers.Serializer):
    """A coupon that is to be used."""

    id = serializers.CharField(max_length=64)
    type = serializers.ChoiceField([300, 301, 302, 303])


class Discount(serializers.Serializer):
    """A discount that is to be used."""

    id = serializers.CharField(max_length=64)
    type = serializers.ChoiceField([0, 2, 3, 609])


class PayRequest(RequestSerializer):
    """The order, and what it is paid with."""

    order_id = serializers.CharField(max_length=64)
    use_coupon = serializers.RegexField(_YES_NO, max_length=3)
    use_discount = serializers.RegexField(_YES_NO, max_length=3)
    coupon_infos = Coupon(many=True, required=False)
    discount_infos = Discount(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for switch, name, most in (
            ("use_coupon", "coupon_infos", 3),
            ("use_discount", "discount_infos", 1),
        ):
            given = len(attrs.get(name) or [])
            if (attrs[switch] == "YES") != (1 <= given <= most):
                raise serializers.ValidationError({name: f"Does not go with {switch}."})
        return attrs


class PayOrders(Operation):
    """Pay an order that waits to be paid. Coupons do not exist before billing does."""

    name = "pay_orders"
    method = "POST"
    path = "/v3/orders/customer-orders/pay"
    callers = CUSTOMERS
    permission = BUY
    request_serializer = PayRequest
    error_codes = {
        "not_found": "CBC.30000010",
        "orders.order.not_pending": "CBC.99003106",
        "orders.order.overdue": "CBC.99003110",
        "orders.order.resource_changed": "CBC.99003141",
        "orders.discount.not_usable": "CBC.99003108",
        "orders.discount.excluded": "CBC.99003108",
        **GUARD_CODES,
    }

    def run(self, data: dict[str, Any]) -> None:
        order_key = api_names.order_id(self.actor, data["order_id"])
        if data["use_coupon"] == "YES":
            raise ApiError(400, "CBC.99003112", "The coupon does not exist or is used.")
        paying.pay(self.actor, order_key, self._discount(order_key, data))

    def _discount(self, order_key: int, data: dict[str, Any]) -> DiscountKind:
        if data["use_discount"] == "NO":
            return DiscountKind.NONE
        (chosen,) = data["discount_infos"]
        if (kind := _KINDS.get(chosen["type"])) is None:
            raise ApiError(400, "CBC.99003108", "Discounts of this type cannot be used.")
        api_names.refuse_other_discount(self.actor, order_key, kind, chosen["id"])
        return kind


class CancelRequest(RequestSerializer):
    """The order."""

    order_id = serializers.CharField(max_length=64)


class CancelCustomerOrder(Operation):
    """Cancel an order that waits to be paid."""

    name = "cancel_customer_order"
    method = "PUT"
    path = "/v2/orders/customer-orders/cancel"
    callers = CUSTOMERS
    permission = BUY
    request_serializer = CancelRequest
    error_codes = {"not_found": "CBC.0100", "orders.order.not_pending": "CBC.99005010"}

    def run(self, data: dict[str, Any]) -> None:
        canceling.cancel(self.actor, api_names.order_id(self.actor, data["order_id"]))
