"""What renewals cost (docs/api/bss-api.md B.49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from catalog.choices import BillingMode, Period
from catalog.queries.quotes import less_discount
from catalog.refusals import NoPrice, TermNotSold
from orders.choices import OrderType
from orders.queries import renewals as renewal_terms
from orders.queries import unfinished
from partner_center import clock
from resources.permissions import VIEW_RESOURCES
from resources.queries import pricing as queries

from ..callers import Caller
from ..errors import ApiError
from ..serializers import RequestSerializer
from .inquiry import DISCOUNT_NAME, PARTNER_RATE, Inquiry

_PERIODS = {2: Period.MONTH, 3: Period.YEAR}
_MOST = {2: 11, 3: 3}
#: Code of a row that has no price, and its text.
_GONE = ("CBC.30050009", "The resource has expired, was deleted, or is not there.")
_ATTACHED = ("CBC.30050007", "This is not a main resource.")
_NO_TERM = ("CBC.30050008", "The resource cannot be renewed for this period.")
_PENDING = ("CBC.30050010", "The resource is in an order that is not finished.")
_CHANGING = ("CBC.30050011", "The resource is being unsubscribed or changed.")
_NOT_RENEWABLE = ("CBC.30050013", "What is paid by use is not renewed.")


class RenewRateRequest(RequestSerializer):
    """Which main resources, for how long."""

    resource_ids = serializers.ListField(
        child=serializers.CharField(max_length=512), min_length=1, max_length=10
    )
    period_type = serializers.ChoiceField(list(_PERIODS))
    period_num = serializers.IntegerField(min_value=1)
    include_relative_resources = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """1 to 11 months or 1 to 3 years."""
        if attrs["period_num"] > _MOST[attrs["period_type"]]:
            raise serializers.ValidationError(
                {"period_num": "At most 11 months, or at most 3 years."}
            )
        return attrs


class RenewRateResult(serializers.Serializer):
    """One main resource."""

    resource_id = serializers.CharField()
    amount = serializers.CharField()


class RenewRateOfficial(serializers.Serializer):
    """All of them at list price; renewals are never paid in instalments."""

    official_website_amount = serializers.CharField()
    installment_official_website_amount = serializers.CharField(allow_null=True, default=None)
    installment_period_type = serializers.IntegerField(allow_null=True, default=None)


class RenewRateDiscounted(RenewRateOfficial):
    """All of them with a discount."""

    discount_id = serializers.CharField()
    amount = serializers.CharField()
    discount_amount = serializers.CharField()
    discount_type = serializers.IntegerField()
    discount_name = serializers.CharField()
    best_offer = serializers.IntegerField()
    installment_official_discount_amount = serializers.CharField(allow_null=True, default=None)
    installment_amount = serializers.CharField(allow_null=True, default=None)


class RenewRateFailure(serializers.Serializer):
    """A resource without a price, and why."""

    error_code = serializers.CharField()
    error_msg = serializers.CharField()
    resource_id = serializers.CharField()


class RenewRateResponse(serializers.Serializer):
    """Each resource, the sum at list price, the sum with each discount; amounts are strings."""

    currency = serializers.CharField()
    renew_inquiry_results = RenewRateResult(many=True)
    official_website_rating_result = RenewRateOfficial()
    optional_discount_rating_results = RenewRateDiscounted(many=True)
    fail_resource_infos = RenewRateFailure(many=True)


class NoRenewal(Exception):
    """A resource has no renewal price: code and text of its row."""


@dataclass(frozen=True)
class Renewal:
    """A main resource with what is renewed with it, in USD."""

    resource_id: str
    #: At list price, and with the partner's discount.
    listed: Decimal
    amount: Decimal


class ListRenewRateOnPeriod(Inquiry):
    """Price renewals of the customer's own resources."""

    name = "list_renew_rate_on_period"
    method = "POST"
    path = "/v2/bills/ratings/period-resources/renew-rate"
    callers = frozenset({Caller.CUSTOMER})
    permission = VIEW_RESOURCES
    request_serializer = RenewRateRequest
    response_serializer = RenewRateResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        ids = data["resource_ids"]
        if len(set(ids)) != len(ids):
            raise ApiError(400, "CBC.30050012", "A resource ID is given twice.")
        grant, moment = self.grant(), clock.now()
        renewals, failed = _renewals(self.actor, data, moment, grant.percent)
        usable = any(each.amount != each.listed for each in renewals)
        return {
            "currency": "USD",
            "renew_inquiry_results": [
                {"resource_id": each.resource_id, "amount": _text(each.listed)} for each in renewals
            ],
            "official_website_rating_result": {"official_website_amount": _listed(renewals)},
            "optional_discount_rating_results": [_granted(renewals, grant.id)] if usable else [],
            "fail_resource_infos": failed,
        }


def _renewals(
    actor: Any, data: dict[str, Any], moment: datetime, percent: int
) -> tuple[list[Renewal], list[dict[str, str]]]:
    found = queries.by_resource_id(actor, data["resource_ids"])
    mains = list(found.values())
    attached = queries.attached_to(mains) if data["include_relative_resources"] else {}
    held = unfinished.holding([row.pk for row in mains])
    renewals, failed = [], []
    for resource_id in data["resource_ids"]:
        try:
            main = _renewable(found.get(resource_id), held)
            parts = [main, *(r for r in attached.get(main.pk, []) if _is_by_term(r))]
            priced = [_price(part, data, moment, percent) for part in parts]
            listed, amount = (sum(column, Decimal(0)) for column in zip(*priced, strict=True))
            renewals.append(Renewal(resource_id, listed, amount))
        except NoRenewal as reason:
            code, text = reason.args
            failed.append({"error_code": code, "error_msg": text, "resource_id": resource_id})
    return renewals, failed


def _renewable(resource: Any, held: dict[int, OrderType]) -> Any:
    """The resource. Raises NoRenewal."""
    if resource is None:
        raise NoRenewal(*_GONE)
    if resource.parent_id is not None:
        raise NoRenewal(*_ATTACHED)
    if not _is_by_term(resource):
        raise NoRenewal(*_NOT_RENEWABLE)
    if (order := held.get(resource.pk)) is not None:
        changes = order in (OrderType.UNSUBSCRIPTION, OrderType.CHANGE)
        raise NoRenewal(*(_CHANGING if changes else _PENDING))
    return resource


def _is_by_term(resource: Any) -> bool:
    return resource.mode != BillingMode.PAY_PER_USE


def _price(
    resource: Any, data: dict[str, Any], moment: datetime, percent: int
) -> tuple[Decimal, Decimal]:
    """What renewing it would cost: at list price, and with the discount. Raises NoRenewal."""
    period, count = _PERIODS[data["period_type"]], data["period_num"]
    try:
        listed = renewal_terms.price_of(resource, period, count, moment)
    except (NoPrice, TermNotSold) as refusal:
        raise NoRenewal(*_NO_TERM) from refusal
    return listed, less_discount(resource.product, listed, percent)


def _granted(renewals: Sequence[Renewal], discount_id: str) -> dict[str, Any]:
    amount = sum((each.amount for each in renewals), Decimal(0))
    listed = sum((each.listed for each in renewals), Decimal(0))
    return {
        "discount_id": discount_id,
        "amount": _text(amount),
        "official_website_amount": _text(listed),
        "discount_amount": _text(listed - amount),
        "discount_type": PARTNER_RATE,
        "discount_name": DISCOUNT_NAME,
        "best_offer": 1,
    }


def _listed(renewals: Sequence[Renewal]) -> str:
    return _text(sum((each.listed for each in renewals), Decimal(0)))


def _text(amount: Decimal) -> str:
    """Renewal prices are strings with 2 decimals."""
    return f"{amount:.2f}"
