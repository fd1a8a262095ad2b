"""Renewing, unsubscribing and what follows a term, for customers (docs/api B.23 to B.28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from catalog.choices import Period
from orders.permissions import BUY
from orders.queries import api_names
from orders.services import auto_renewal, converting, renewing, unsubscribing
from partner_center.refusals import Refusal

from ..callers import Caller
from ..errors import COMMON, INVALID_PARAMETER, ApiError, ParameterError
from ..serializers import RequestSerializer
from ..views import Operation
from .ordering import GUARD_CODES

CUSTOMERS = frozenset({Caller.CUSTOMER})
_NO_RESOURCE = "CBC.99003012"
_PERIODS = {2: (Period.MONTH, 11), 3: (Period.YEAR, 3)}
_AUTO_PAY_FAILED = "CBC.30050006"


def _ids(most: int) -> serializers.ListField:
    child = serializers.CharField(max_length=512)
    return serializers.ListField(child=child, min_length=1, max_length=most)


class FailResourceInfo(serializers.Serializer):
    """A resource that failed, and why."""

    error_code = serializers.CharField()
    error_msg = serializers.CharField()
    resource_id = serializers.CharField()


class OrdersResponse(serializers.Serializer):
    """The orders that were created, and what failed."""

    order_ids = serializers.ListField(child=serializers.CharField())
    fail_resource_infos = FailResourceInfo(many=True)


def _answer(
    keys: Mapping[str, int], done: renewing.Renewed, codes: Mapping[str, str]
) -> dict[str, Any]:
    """Orders, and rows that failed; when all failed the answer is the error of the first."""
    names = {key: name for name, key in keys.items()}
    failed = [
        {
            "error_code": code_of(refusal, codes),
            "error_msg": refusal.sentence,
            "resource_id": names[key],
        }
        for key, refusal in done.failed.items()
    ]
    if failed and not done.orders:
        raise ApiError(400, failed[0]["error_code"], failed[0]["error_msg"])
    return {
        "order_ids": [order.order_no for order in done.orders],
        "fail_resource_infos": failed,
    }


def code_of(refusal: Refusal, own: Mapping[str, str]) -> str:
    """The error code of a refusal."""
    return own.get(refusal.code) or COMMON.get(refusal.code, (400, INVALID_PARAMETER))[1]


class RenewalRequest(RequestSerializer):
    """Which resources, for how long, and whether it is paid at once."""

    resource_ids = _ids(10)
    period_type = serializers.IntegerField(min_value=2, max_value=3)
    period_num = serializers.IntegerField(min_value=1, max_value=11)
    is_auto_pay = serializers.IntegerField(required=False, default=0, min_value=0, max_value=1)


class RenewalResources(Operation):
    """Create renewal orders and pay them when asked to; unpaid they stay pending."""

    name = "renewal_resources"
    method = "POST"
    path = "/v2/orders/subscriptions/resources/renew"
    callers = CUSTOMERS
    permission = BUY
    request_serializer = RenewalRequest
    response_serializer = OrdersResponse
    error_codes = {
        "not_found": _NO_RESOURCE,
        "catalog.term_not_sold": "CBC.99000092",
        "catalog.no_price": "CBC.99000092",
        "orders.resource.in_pending_order": "CBC.99003100",
        "orders.order.resource_changed": "CBC.99003016",
        "orders.renewal.not_renewable": "CBC.99003016",
        "orders.resource.wrong_mode": "CBC.3006",
        "orders.resource.not_main": "CBC.3006",
        **GUARD_CODES,
    }

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        period, most = _PERIODS[data["period_type"]]
        if data["period_num"] > most:
            raise ApiError(400, "CBC.99000092", f"At most {most} periods of this type.")
        keys = api_names.resource_ids(self.actor, data["resource_ids"])
        pays = bool(data["is_auto_pay"])
        done = renewing.renew(
            self.actor, list(keys.values()), period, data["period_num"], pay_now=pays
        )
        answer = _answer(keys, done, self.error_codes)
        if pays and len(done.failed) == len(keys):
            (first, *_rest) = done.failed.values()
            raise ApiError(400, _AUTO_PAY_FAILED, f"The orders are not paid. {first.sentence}")
        return answer


class UnsubscribeRequest(RequestSerializer):
    """Which resources, how much of them, and why."""

    resource_ids = _ids(10)
    unsubscribe_type = serializers.IntegerField(min_value=1, max_value=2)
    unsubscribe_reason_type = serializers.IntegerField(min_value=1, max_value=5, required=False)
    unsubscribe_reason = serializers.CharField(max_length=256, required=False)


class CancelResourcesSubscription(Operation):
    """Unsubscribe resources with their renewals, or the renewals only."""

    name = "cancel_resources_subscription"
    method = "POST"
    path = "/v2/orders/subscriptions/resources/unsubscribe"
    callers = CUSTOMERS
    permission = BUY
    request_serializer = UnsubscribeRequest
    response_serializer = OrdersResponse
    error_codes = {
        "not_found": _NO_RESOURCE,
        "orders.unsubscription.savings_plan": "CBC.30000053",
        "orders.unsubscription.no_renewal_period": "CBC.99003128",
        "orders.resource.in_pending_order": "CBC.99003100",
        "orders.resource.wrong_mode": "CBC.30000067",
        "orders.resource.not_main": "CBC.99003185",
        **GUARD_CODES,
    }

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        keys = api_names.resource_ids(self.actor, data["resource_ids"])
        done = unsubscribing.unsubscribe(
            self.actor,
            list(keys.values()),
            str(data.get("unsubscribe_reason_type", "")),
            data.get("unsubscribe_reason", ""),
            renewal_only=data["unsubscribe_type"] == 2,
        )
        return _answer(keys, done, self.error_codes)


class AutoRenewRequest(RequestSerializer):
    """How often and for how long; both may be absent."""

    auto_renew_times = serializers.IntegerField(required=False, min_value=0, max_value=99)
    period_type = serializers.ChoiceField(["MONTH", "YEAR"], required=False)


_AUTO_RENEW_PATH = "/v2/orders/subscriptions/resources/autorenew/<str:resource_id>"


class AutoRenewalResources(Operation):
    """Switch auto-renewal on, or change it."""

    name = "auto_renewal_resources"
    method = "POST"
    path = _AUTO_RENEW_PATH
    callers = CUSTOMERS
    permission = BUY
    request_serializer = AutoRenewRequest
    error_codes = {
        "not_found": _NO_RESOURCE,
        "orders.resource.not_main": _NO_RESOURCE,
        "orders.resource.wrong_mode": "CBC.99003602",
        "orders.renewal.not_renewable": "CBC.99003602",
    }

    def run(self, data: dict[str, Any]) -> None:
        (key,) = api_names.resource_ids(self.actor, [self.kwargs["resource_id"]]).values()
        auto_renewal.switch_on(
            self.actor,
            key,
            times=data.get("auto_renew_times"),
            period=data.get("period_type", "").lower(),
        )


class CancelAutoRenewalResources(Operation):
    """Switch auto-renewal off."""

    name = "cancel_auto_renewal_resources"
    method = "DELETE"
    path = _AUTO_RENEW_PATH
    callers = CUSTOMERS
    permission = BUY
    error_codes = {
        "not_found": _NO_RESOURCE,
        "orders.renewal.off_already": "CBC.99003605",
    }

    def run(self, data: dict[str, Any]) -> None:
        (key,) = api_names.resource_ids(self.actor, [self.kwargs["resource_id"]]).values()
        auto_renewal.switch_off(self.actor, key)


class RenewConfigRequest(RequestSerializer):
    """One rule of renewals."""

    config_name = serializers.ChoiceField(["DEDUCTION_DATE", "EXPIRE_DATE"])
    config_value = serializers.RegexField(r"^(-1|\d{1,2})$", max_length=2)


class RenewConfigResponse(serializers.Serializer):
    """Done."""

    error_code = serializers.CharField(default="CBC.0000")
    error_msg = serializers.CharField(default="success")


class SetResourcesRenewConfig(Operation):
    """Set the day of deduction, or the common day of expiry."""

    name = "set_resources_renew_config"
    method = "POST"
    path = "/v2/orders/subscriptions/resources/renew/config"
    callers = CUSTOMERS
    permission = BUY
    request_serializer = RenewConfigRequest
    response_serializer = RenewConfigResponse
    error_codes = {"orders.renewal.setting": "CBC.0100"}

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        value = int(data["config_value"])
        if data["config_name"] == "DEDUCTION_DATE":
            auto_renewal.set_rules(self.actor, deduction_days=value)
        elif value == 0:
            raise ParameterError("config_value: 1 to 28, or -1.")
        else:
            auto_renewal.set_rules(self.actor, expiry_day=value)
        return {"error_code": "CBC.0000", "error_msg": "success"}


class ToOnDemandRequest(RequestSerializer):
    """Which resources, and whether it is set or canceled."""

    operation = serializers.RegexField("^(SET_UP|CANCEL)$", max_length=8)
    resource_ids = _ids(100)


class ErrorDetail(serializers.Serializer):
    """A resource that failed, and why."""

    error_code = serializers.CharField()
    error_msg = serializers.CharField()
    id = serializers.CharField()


class ToOnDemandResponse(serializers.Serializer):
    """Failed rows only."""

    error_details = ErrorDetail(many=True)


class UpdatePeriodToOnDemand(Operation):
    """Set or cancel the switch to pay-per-use on expiry; each resource by itself."""

    name = "update_period_to_on_demand"
    method = "POST"
    path = "/v2/orders/subscriptions/resources/to-on-demand"
    callers = CUSTOMERS
    permission = BUY
    request_serializer = ToOnDemandRequest
    response_serializer = ToOnDemandResponse
    error_codes = {
        **GUARD_CODES,
        "not_found": _NO_RESOURCE,
        "budgets.guard.account_frozen": "CBC.99003626",
        "budgets.guard.partner_restricted": "CBC.99003626",
        "budgets.guard.held_by_operator": "CBC.99003625",
        "orders.resource.wrong_mode": "CBC.3006",
        "orders.resource.not_main": "CBC.3006",
        "orders.resource.no_such_mode": "CBC.3006",
        "orders.renewal.not_renewable": "CBC.3016",
    }

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        keys = api_names.known_resource_ids(self.actor, data["resource_ids"])
        wanted, failed = data["operation"] == "SET_UP", []
        for name, key in keys.items():
            try:
                converting.on_expiry(self.actor, key or 0, wanted=wanted)
            except Refusal as refusal:
                failed.append(
                    {
                        "error_code": code_of(refusal, self.error_codes),
                        "error_msg": refusal.sentence,
                        "id": name,
                    }
                )
        return {"error_details": failed}
