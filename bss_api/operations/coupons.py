"""Coupons of partners (docs/api/bss-api.md B.14)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from billing.choices import CouponSource
from billing.queries import coupons as queries
from billing.queries.coupons import API_STATUSES

from ..callers import PARTNERS, Caller
from ..paging import limit_field, offset_field, page_of
from ..serializers import AmountField, RequestSerializer, UtcField
from ..views import Operation

_CASH = 1
_DOLLAR = 1
_ELECTRONIC = 1
#: 2 exchanged online, 3 issued online.
_FETCHED = {CouponSource.EARNINGS: 2}
_ISSUED_ONLINE = 3
_REUSABLE = 2
_EXCLUDED = "serviceTypeBlackList"


def _text() -> serializers.CharField:
    return serializers.CharField(max_length=64, required=False)


class CouponsRequest(RequestSerializer):
    """Filters, combined with AND."""

    coupon_id = _text()
    order_id = _text()
    promotion_plan_id = _text()
    coupon_type = serializers.ChoiceField([1, 2, 3, 4], required=False)
    status = serializers.ChoiceField(list(API_STATUSES), required=False)
    active_start_time = UtcField(required=False)
    active_end_time = UtcField(required=False)
    offset = offset_field()
    limit = limit_field(100)
    source_id = _text()


class UseLimit(serializers.Serializer):
    """One limit of what a coupon pays."""

    use_limiti_info_id = serializers.CharField()
    limit_key = serializers.CharField()
    value1 = serializers.CharField()
    value2 = serializers.CharField(allow_null=True)
    value_unit = serializers.CharField(allow_null=True)
    limit_type = serializers.CharField(allow_null=True)
    promotion_plan_id = serializers.CharField(allow_null=True)


class UserCoupon(serializers.Serializer):
    """One coupon; amounts in USD."""

    coupon_id = serializers.CharField(source="number")
    coupon_code = serializers.CharField(source="number")
    status = serializers.IntegerField(source="api_status")
    customer_id = serializers.CharField(source="account.public_id")
    coupon_type = serializers.IntegerField(default=_CASH)
    measure_id = serializers.IntegerField(default=_DOLLAR)
    face_value = AmountField(decimal_places=8, max_digits=24)
    valid_time = UtcField(source="starts_at")
    expire_time = UtcField(source="ends_at")
    order_id = serializers.CharField(default=None)
    promotion_plan_id = serializers.CharField(default=None)
    plan_name = serializers.CharField(source="name")
    plan_desc = serializers.CharField(source="remarks")
    media_type = serializers.IntegerField(default=_ELECTRONIC)
    fetch_method = serializers.SerializerMethodField()
    use_limits = serializers.SerializerMethodField()
    active_time = UtcField(source="issued_at")
    reserve_time = UtcField(source="used_at")
    promotion_id = serializers.CharField(default=None)
    create_time = UtcField(source="issued_at")
    coupon_version = serializers.IntegerField(default=_REUSABLE)
    balance = AmountField(decimal_places=8, max_digits=24)
    lock_order_id = serializers.CharField(default=None)
    coupon_usage = serializers.CharField(source="get_kind_display")
    is_frozen = serializers.CharField(default="0")
    currency = serializers.CharField(default="USD")
    extend_param1 = serializers.CharField(default=None)
    source_id = serializers.CharField(default=queries.ISSUER)

    def get_fetch_method(self, coupon: Any) -> int:
        return _FETCHED.get(coupon.source, _ISSUED_ONLINE)

    def get_use_limits(self, coupon: Any) -> list[dict[str, Any]]:
        codes = ",".join(service.code for service in coupon.excluded.all())
        if not codes:
            return []
        limit = {
            "use_limiti_info_id": f"{coupon.number}-1",
            "limit_key": _EXCLUDED,
            "value1": codes,
            **dict.fromkeys(("value2", "value_unit", "limit_type", "promotion_plan_id")),
        }
        return [UseLimit(limit).data]


class CouponsResponse(serializers.Serializer):
    """A page of coupons."""

    count = serializers.IntegerField()
    user_coupons = UserCoupon(many=True)


class ListSubCustomerCoupons(Operation):
    """Cash coupons of the caller; of a distributor also those for its resellers."""

    name = "list_sub_customer_coupons"
    method = "GET"
    path = "/v2/promotions/benefits/coupons"
    callers = PARTNERS | {Caller.CUSTOMER}
    reads_only = True
    request_serializer = CouponsRequest
    response_serializer = CouponsResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows, count = page_of(queries.for_api(self.actor, _wanted(data)), data)
        return {"count": count, "user_coupons": rows}


def _wanted(data: dict[str, Any]) -> queries.Wanted:
    names = ("order_id", "promotion_plan_id")
    return queries.Wanted(
        number=data.get("coupon_id", ""),
        status=data.get("status"),
        issued_from=data.get("active_start_time"),
        issued_until=data.get("active_end_time"),
        source_id=data.get("source_id", ""),
        is_other_kind=data.get("coupon_type", _CASH) != _CASH or any(data.get(n) for n in names),
    )
