"""Queries of orders (docs/api/bss-api.md B.15 to B.18)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from orders.choices import DiscountKind, OrderSource, OrderStatus, OrderType
from orders.queries import api as queries
from orders.queries.customer_orders import is_refund
from partner_center import clock
from resources.queries.projects import DEFAULT_ID, DEFAULT_NAME

from .. import paging
from ..callers import Caller
from ..serializers import AmountField, RequestSerializer, UtcField
from ..views import Operation

STATUS_NUMBERS = {
    OrderStatus.PENDING_PAYMENT: 6,
    OrderStatus.PROCESSING: 3,
    OrderStatus.COMPLETED: 5,
    OrderStatus.CANCELED: 4,
    # What was unsubscribed was completed; the unsubscription is an order of its own.
    OrderStatus.UNSUBSCRIBED: 5,
}
TYPE_NUMBERS = {
    OrderType.NEW: 1,
    OrderType.RENEWAL: 2,
    OrderType.CHANGE: 3,
    OrderType.UNSUBSCRIPTION: 4,
    OrderType.TO_USAGE: 10,
    OrderType.TO_PERIOD: 11,
}
SOURCE_NUMBERS = {OrderSource.CUSTOMER: 1, OrderSource.ON_BEHALF: 2, OrderSource.SYSTEM: 8}
DISCOUNT_NUMBERS = {DiscountKind.PARTNER: "607", DiscountKind.ADJUSTMENT: "609"}
#: PERIOD_TYPE of order lines; resources of a reserved product are ordered by the year.
PERIOD_NUMBERS = {"day": 0, "month": 2, "year": 3, "hour": 4, "once": 5}
#: Of DiscountInfoV3.discount_type.
USABLE_NUMBERS = {DiscountKind.PARTNER: 3, DiscountKind.ADJUSTMENT: 609}
_FILTER_STATUSES = ("1", "3", "4", "5", "6", "9")
_FILTER_TYPES = ("1", "2", "3", "4", "10", "11", "13", "14", "15")
_LONGEST = timedelta(days=366)
_RESELLER_CODE = {"customers.creation.no_reseller": "CBC.99000037"}
_ZERO = Decimal("0.00")


def _text(most: int = 64, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, **kwargs)


class ListOrdersRequest(RequestSerializer):
    """Criteria, combined with AND."""

    order_id = _text()
    customer_id = _text()
    create_time_begin = UtcField(required=False)
    create_time_end = UtcField(required=False)
    service_type_code = _text()
    status = serializers.ChoiceField(_FILTER_STATUSES, required=False)
    order_type = serializers.ChoiceField(_FILTER_TYPES, required=False)
    limit = paging.limit_field(100)
    offset = paging.offset_field()
    order_by = serializers.ChoiceField(["createTime", "-createTime"], required=False)
    payment_time_begin = UtcField(required=False)
    payment_time_end = UtcField(required=False)
    indirect_partner_id = _text()
    method = serializers.ChoiceField(["oneself", "sub_customer"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("create_time", "payment_time"):
            begin, end = attrs.get(f"{name}_begin"), attrs.get(f"{name}_end")
            if begin and end and end - begin > _LONGEST:
                raise serializers.ValidationError({f"{name}_end": "At most one year after begin."})
        return attrs


class DiscountItem(serializers.Serializer):
    """What one kind of discount took off the list price."""

    discount_type = serializers.CharField()
    discount_amount = AmountField()


class AmountInfo(serializers.Serializer):
    """How the amount comes about; there are no coupons and no cards."""

    discounts = serializers.SerializerMethodField()
    flexipurchase_coupon_amount = AmountField(default=_ZERO)
    coupon_amount = AmountField(default=_ZERO)
    stored_card_amount = AmountField(default=_ZERO)
    commission_amount = AmountField(default=_ZERO)
    consumed_amount = serializers.SerializerMethodField()

    def get_consumed_amount(self, row: Any) -> Any:
        """What of an unsubscribed term had been used up."""
        return AmountField().to_representation(row.consumed or _ZERO)

    def get_discounts(self, row: Any) -> list[dict[str, Any]]:
        kind = getattr(row, "order", row).discount_kind
        if kind not in DISCOUNT_NUMBERS or not row.discount_amount:
            return []
        item = {
            "discount_type": DISCOUNT_NUMBERS[DiscountKind(kind)],
            "discount_amount": row.discount_amount,
        }
        return [DiscountItem(item).data]


class _Amounts(serializers.Serializer):
    """What orders and lines have in common."""

    amount_after_discount = AmountField(source="amount")
    official_amount = serializers.SerializerMethodField()
    amount_info = serializers.SerializerMethodField()
    currency = serializers.CharField(default="USD")

    def get_official_amount(self, row: Any) -> Any:
        """The list price; of what was given back, what was given back (B.15)."""
        order = getattr(row, "order", row)
        value = row.amount if is_refund(order) else row.list_amount
        return AmountField().to_representation(value)

    def get_amount_info(self, row: Any) -> dict[str, Any]:
        return AmountInfo(row).data


class _Order(_Amounts):
    """One order, without what differs between B.15 and B.16."""

    order_id = serializers.CharField(source="order_no")
    customer_id = serializers.CharField(source="account.public_id")
    service_type_code = serializers.CharField(source="service_type.code")
    service_type_name = serializers.CharField(source="service_type.name")
    source_type = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    order_type = serializers.SerializerMethodField()
    measure_id = serializers.IntegerField(default=1)
    create_time = UtcField(source="ordered_at")
    payment_time = UtcField(source="paid_at")
    contract_id = serializers.CharField(default="")
    sub_order_infos = serializers.ListField(default=list)

    def get_source_type(self, row: Any) -> int:
        return SOURCE_NUMBERS[OrderSource(row.source)]

    def get_status(self, row: Any) -> int:
        return STATUS_NUMBERS[OrderStatus(row.status)]

    def get_order_type(self, row: Any) -> int:
        return TYPE_NUMBERS[OrderType(row.order_type)]


class ListedOrder(_Order):
    """One order of B.15."""

    enterprise_projects = serializers.SerializerMethodField()
    agent_pay_info = serializers.SerializerMethodField()

    def get_enterprise_projects(self, row: Any) -> list[dict[str, str]]:
        """The projects that its lines were bought for, each once; the default one when for none."""
        found = {item.project_id: item.project for item in row.items.all()}
        return [
            {
                "id": str(project.public_id) if project else DEFAULT_ID,
                "name": project.name if project else DEFAULT_NAME,
            }
            for _key, project in sorted(found.items(), key=lambda each: each[0] or 0)
        ]

    def get_agent_pay_info(self, row: Any) -> dict[str, Any]:
        return {"paying_agent_id": "", "is_agent_pay": False}


class ListOrdersResponse(serializers.Serializer):
    """The page and the number of all."""

    total_count = serializers.IntegerField()
    order_infos = ListedOrder(many=True)


class ListCustomerOrders(Operation):
    """Page through orders: a partner those of its customers, a customer its own."""

    name = "list_customer_orders"
    method = "GET"
    path = "/v2/orders/customer-orders"
    reads_only = True
    per_second = 20
    request_serializer = ListOrdersRequest
    response_serializer = ListOrdersResponse
    error_codes = _RESELLER_CODE

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = queries.list_orders(
            self.actor, _criteria(data), reseller=data.get("indirect_partner_id", "")
        )
        if data.get("customer_id") and data.get("method") == "sub_customer":
            rows = rows.none()  # no account pays for another one
        newest_first = data.get("order_by") != "createTime"
        order = ("-ordered_at", "-pk") if newest_first else ("ordered_at", "pk")
        found, count = paging.page_of(rows.order_by(*order), data)
        return {"order_infos": found, "total_count": count}


class OrderDetailsRequest(RequestSerializer):
    """Which lines of the order."""

    limit = paging.limit_field(100)
    offset = paging.offset_field()
    indirect_partner_id = _text()


class DetailedOrder(_Order):
    """The order of B.16."""

    user_name = serializers.CharField(source="ordered_by_name")
    pending_payment_end_time = UtcField(source="pay_before")


class BaseProduct(serializers.Serializer):
    """The product of a line."""

    product_id = serializers.CharField(source="product.code")
    product_spec_desc = serializers.CharField(source="spec_text")
    category_code = serializers.CharField(source="product.service_type.code")
    product_owner_service = serializers.CharField(source="product.service_type.code")
    commercial_resource = serializers.CharField(source="product.resource_type.code")


class OrderLine(BaseProduct, _Amounts):
    """One line of B.16."""

    order_line_item_id = serializers.SerializerMethodField()
    service_type_code = serializers.CharField(source="product.service_type.code")
    service_type_name = serializers.CharField(source="product.service_type.name")
    period_type = serializers.SerializerMethodField()
    period_num = serializers.SerializerMethodField()
    effective_time = UtcField(source="effective_at")
    expire_time = UtcField(source="expires_at")
    subscription_num = serializers.IntegerField(source="quantity")
    base_product_info = serializers.SerializerMethodField()
    order_id = serializers.CharField(source="order.order_no")

    def get_order_line_item_id(self, row: Any) -> str:
        return queries.item_id(row)

    def get_period_type(self, row: Any) -> int | None:
        return PERIOD_NUMBERS.get(row.period)

    def get_period_num(self, row: Any) -> int | None:
        """None on unsubscription orders."""
        return None if is_refund(row.order) else row.period_count

    def get_base_product_info(self, row: Any) -> dict[str, Any]:
        return BaseProduct(row).data


class OrderDetailsResponse(serializers.Serializer):
    """The order, the page of its lines and the number of all."""

    total_count = serializers.IntegerField()
    order_info = DetailedOrder()
    order_line_items = OrderLine(many=True)


class ShowCustomerOrderDetails(Operation):
    """One order with its lines."""

    name = "show_customer_order_details"
    method = "GET"
    path = "/v2/orders/customer-orders/details/<str:order_id>"
    reads_only = True
    per_second = 20
    request_serializer = OrderDetailsRequest
    response_serializer = OrderDetailsResponse
    error_codes = _RESELLER_CODE | {"orders.api.invalid_order": "CBC.30000010"}

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        reseller = data.get("indirect_partner_id", "")
        order = queries.get_order(self.actor, self.kwargs["order_id"], reseller=reseller)
        found, count = paging.page_of(queries.items_of(order), data)
        return {"order_info": order, "order_line_items": found, "total_count": count}


class RefundsRequest(RequestSerializer):
    """Which order; a partner names the customer."""

    order_id = serializers.CharField(max_length=64)
    customer_id = _text()
    indirect_partner_id = _text()


class Refund(serializers.Serializer):
    """What one line gave back (negative), or the part of it that was used up (positive)."""

    id = serializers.CharField()
    amount = AmountField()
    measure_id = serializers.CharField(default="1")
    customer_id = serializers.CharField(source="item.order.account.public_id")
    resource_type_code = serializers.CharField(source="item.product.resource_type.code")
    service_type_code = serializers.CharField(source="item.product.service_type.code")
    resource_type_name = serializers.CharField(source="item.product.resource_type.name")
    service_type_name = serializers.CharField(source="item.product.service_type.name")
    region_code = serializers.SerializerMethodField()
    base_order_id = serializers.CharField(source="base_order_no")

    def get_region_code(self, row: Any) -> str:
        return row.item.region.code if row.item.region else ""


class RefundsResponse(serializers.Serializer):
    """All lines that gave back."""

    total_count = serializers.IntegerField()
    refund_infos = Refund(many=True)


class ShowRefundOrderDetails(Operation):
    """From which resources and orders a refund comes."""

    name = "show_refund_order_details"
    method = "GET"
    path = "/v2/orders/customer-orders/refund-orders"
    reads_only = True
    per_second = 20
    request_serializer = RefundsRequest
    response_serializer = RefundsResponse
    error_codes = _RESELLER_CODE | {"orders.api.no_refund_order": "CBC.99005026"}

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        customer_id = data.get("customer_id", "")
        if self.actor.partner_kind and not customer_id:
            raise serializers.ValidationError({"customer_id": "This field is required."})
        found = queries.refunds(
            self.actor,
            data["order_id"],
            customer_id=customer_id if self.actor.partner_kind else "",
            reseller=data.get("indirect_partner_id", ""),
        )
        return {"refund_infos": found, "total_count": len(found)}


class DiscountsRequest(RequestSerializer):
    """Which unpaid order."""

    order_id = serializers.CharField(max_length=64)


class DiscountedLine(serializers.Serializer):
    """Lines of the same product, specification and price."""

    order_line_item_ids = serializers.ListField(child=serializers.CharField())
    discount_mode = serializers.IntegerField()
    discount_amount = AmountField()
    discount_ratio = AmountField(decimal_places=4)


class DiscountedOrder(serializers.Serializer):
    """The order that a discount applies to."""

    order_id = serializers.CharField()
    order_line_items = DiscountedLine(many=True)


class UsableDiscount(serializers.Serializer):
    """One discount that can be used."""

    discount_id = serializers.CharField()
    discount_value = serializers.CharField(allow_blank=True)
    discount_type = serializers.IntegerField()
    orders = DiscountedOrder(many=True)


class DiscountsResponse(serializers.Serializer):
    """Every discount that can be used; exactly one is chosen at payment."""

    discounts = UsableDiscount(many=True)


class ListOrderDiscounts(Operation):
    """Discounts with which the customer can pay its order."""

    name = "list_order_discounts"
    method = "GET"
    path = "/v2/orders/customer-orders/order-discounts"
    callers = frozenset({Caller.CUSTOMER})
    reads_only = True
    per_second = 20
    request_serializer = DiscountsRequest
    response_serializer = DiscountsResponse
    error_codes = {"orders.api.invalid_order": "CBC.30000010"}

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        order, found = queries.usable_discounts(self.actor, data["order_id"], clock.now())
        return {"discounts": [_written(order.order_no, each) for each in found]}


def _written(order_no: str, found: queries.UsableDiscount) -> dict[str, Any]:
    """Rate: the part of the list price that is left to pay, 0.9 for 10 % off. Reduction: the amount."""
    is_rate = found.kind == DiscountKind.PARTNER
    ratio = 1 - Decimal(found.percent) / 100 if is_rate else None
    taken = sum((line.amount for line in found.lines), _ZERO)
    return {
        "discount_id": found.discount_id,
        "discount_value": f"{ratio if ratio is not None else taken:.2f}",
        "discount_type": USABLE_NUMBERS[found.kind],
        "orders": [
            {
                "order_id": order_no,
                "order_line_items": [
                    {
                        "order_line_item_ids": line.item_ids,
                        "discount_mode": 0 if is_rate else 2,
                        "discount_amount": line.amount,
                        "discount_ratio": ratio,
                    }
                    for line in found.lines
                ],
            }
        ],
    }


def _criteria(data: dict[str, Any]) -> dict[str, Any]:
    """The names of the query for those of the wire."""
    names = {
        "order_id": "order_no",
        "customer_id": "customer_id",
        "create_time_begin": "ordered_from",
        "create_time_end": "ordered_to",
        "payment_time_begin": "paid_from",
        "payment_time_end": "paid_to",
        "service_type_code": "service",
    }
    found: dict[str, Any] = {name: data[sent] for sent, name in names.items() if sent in data}
    if status := data.get("status"):
        found["statuses"] = [s for s, number in STATUS_NUMBERS.items() if number == int(status)]
    if kind := data.get("order_type"):
        kinds = {number: name for name, number in TYPE_NUMBERS.items()}
        found["order_type"] = kinds.get(int(kind), "")
    return found
