"""Price inquiries (docs/api/bss-api.md B.47 to B.49)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rest_framework import serializers

from catalog.choices import BillingMode, Period
from catalog.queries.inquiry import Wanted, find_product, in_pricing_unit, in_size_unit
from catalog.queries.quotes import Quote, instalment, quote_term, quote_usage
from partner_center import clock

from ..errors import ApiError
from ..serializers import AmountField, PlainDecimal, RequestSerializer
from .inquiry import DISCOUNT_NAME, PARTNER_RATE, Grant, Inquiry

#: Unit of amounts: one dollar.
DOLLAR = 1
_PERIODS = {0: Period.DAY, 2: Period.MONTH, 3: Period.YEAR, 4: Period.HOUR}
_MONTH = 2
#: Ways to pay a year in monthly instalments; the share that is due at once.
_INSTALMENTS = {"HALF_PAY": Decimal("0.5"), "ZERO_PAY": Decimal(0)}
_HOSTS = ("hws.service.type.ec2", "hws.resource.type.vm")
#: Amounts of one inquiry stay below this many dollars.
_TOO_LARGE = Decimal(10) ** 12


class RatedField(serializers.DecimalField):
    """A price as a bare number, with as many decimals as it has and two at least."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=None, coerce_to_string=False, **kwargs)

    def to_representation(self, value: Decimal) -> Decimal:
        least = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return PlainDecimal(least if least == value else value.normalize())


class ProductRequest(RequestSerializer):
    """A product by its codes."""

    id = serializers.CharField(max_length=64)
    cloud_service_type = serializers.CharField(max_length=64)
    resource_type = serializers.CharField(max_length=64)
    resource_spec = serializers.CharField(max_length=128)
    region = serializers.CharField(max_length=64)
    available_zone = serializers.CharField(max_length=64, required=False, default="")
    resource_size = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    size_measure_id = serializers.IntegerField(required=False, min_value=1)
    subscription_num = serializers.IntegerField(min_value=1)


class DemandProductRequest(ProductRequest):
    """Pay-per-use of a product."""

    usage_factor = serializers.CharField(max_length=64)
    usage_value = AmountField(max_digits=24, decimal_places=8, min_value=Decimal(0))
    usage_measure_id = serializers.IntegerField(min_value=1)


class PeriodProductRequest(ProductRequest):
    """A term of a product."""

    period_type = serializers.ChoiceField(list(_PERIODS))
    period_num = serializers.IntegerField(min_value=1)
    fee_installment_mode = serializers.ChoiceField(
        ["NA", *_INSTALMENTS], required=False, default="NA"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Instalments are for cloud servers that are bought for years."""
        host = (attrs["cloud_service_type"], attrs["resource_type"]) == _HOSTS
        by_year = _PERIODS[attrs["period_type"]] == Period.YEAR
        if attrs["fee_installment_mode"] != "NA" and not (host and by_year):
            raise serializers.ValidationError(
                {"fee_installment_mode": "Only cloud servers bought for years are paid so."}
            )
        return attrs


def _distinct(rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    if len({row["id"] for row in rows}) != len(rows):
        raise serializers.ValidationError("Each id must be unique in the request.")
    return rows


class DemandRequest(RequestSerializer):
    """What to price."""

    project_id = serializers.CharField(max_length=64)
    inquiry_precision = serializers.ChoiceField([0, 1], required=False, default=0)
    product_infos = DemandProductRequest(many=True, allow_empty=False, max_length=100)

    def validate_product_infos(self, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Their ids tell the results apart."""
        return _distinct(rows)


class PeriodRequest(RequestSerializer):
    """What to price."""

    project_id = serializers.CharField(max_length=64)
    product_infos = PeriodProductRequest(many=True, allow_empty=False, max_length=100)

    def validate_product_infos(self, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Their ids tell the results apart."""
        return _distinct(rows)


class DemandDiscount(serializers.Serializer):
    """A discount in effect."""

    discount_id = serializers.CharField()
    discount_type = serializers.IntegerField()
    amount = RatedField()
    measure_id = serializers.IntegerField()
    discount_name = serializers.CharField()


class _Rated(serializers.Serializer):
    amount = RatedField()
    discount_amount = RatedField()
    official_website_amount = RatedField()
    measure_id = serializers.IntegerField()


class DemandResult(_Rated):
    """One product."""

    id = serializers.CharField()
    product_id = serializers.CharField()
    discount_rating_results = DemandDiscount(many=True)


class DemandResponse(_Rated):
    """All products together, and each."""

    currency = serializers.CharField()
    product_rating_results = DemandResult(many=True)


class ListOnDemandResourceRatings(Inquiry):
    """Price pay-per-use of products, as it costs at the beginning of a month."""

    name = "list_on_demand_resource_ratings"
    method = "POST"
    path = "/v2/bills/ratings/on-demand-resources"
    request_serializer = DemandRequest
    response_serializer = DemandResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        grant, step = self.grant(), Decimal("1E-10" if data["inquiry_precision"] else "1E-6")
        results = [_demand(row, grant, step) for row in data["product_infos"]]
        return {
            **_sums(results, ("amount", "discount_amount", "official_website_amount")),
            "measure_id": DOLLAR,
            "currency": "USD",
            "product_rating_results": results,
        }


def _demand(row: dict[str, Any], grant: Grant, step: Decimal) -> dict[str, Any]:
    moment = clock.now()
    product, region = find_product(
        _wanted(row), moment, mode=BillingMode.PAY_PER_USE, usage_factor=row["usage_factor"]
    )
    quote = quote_usage(
        product,
        region,
        moment,
        usage=in_pricing_unit(product, row["usage_value"], row["usage_measure_id"]),
        quantity=row["subscription_num"],
        size=_size(product, row),
        percent=grant.percent,
    )
    listed, amount = _within(quote.list_amount, step), _within(quote.amount, step)
    discount = listed - amount
    granted = {
        "discount_id": grant.id,
        "discount_type": PARTNER_RATE,
        "amount": discount,
        "measure_id": DOLLAR,
        "discount_name": DISCOUNT_NAME,
    }
    return {
        "id": row["id"],
        "product_id": product.code,
        "amount": amount,
        "discount_amount": discount,
        "official_website_amount": listed,
        "measure_id": DOLLAR,
        "discount_rating_results": [granted] if quote.discount_percent else [],
    }


def _wanted(row: dict[str, Any]) -> Wanted:
    return Wanted(
        row["cloud_service_type"],
        row["resource_type"],
        row["resource_spec"],
        row["region"],
        row["available_zone"],
    )


def _size(product: Any, row: dict[str, Any]) -> int | None:
    size = row.get("resource_size")
    return None if size is None else in_size_unit(product, size, row.get("size_measure_id"))


def _within(amount: Decimal, step: Decimal) -> Decimal:
    """The amount in the precision asked for. Raises ApiError for one that nobody can pay."""
    if amount >= _TOO_LARGE:
        raise ApiError(400, "CBC.99006055", "The amount is too large.")
    return amount.quantize(step, rounding=ROUND_HALF_UP)


def _sums(rows: Iterable[dict[str, Any]], names: Sequence[str]) -> dict[str, Decimal]:
    rows = list(rows)
    return {name: sum((row[name] for row in rows), Decimal(0)) for name in names}


class _Instalments(serializers.Serializer):
    installment_official_website_amount = serializers.CharField(allow_null=True)
    installment_period_type = serializers.IntegerField(allow_null=True)


class OfficialResult(_Instalments):
    """One product at list price."""

    id = serializers.CharField()
    product_id = serializers.CharField()
    official_website_amount = AmountField()
    measure_id = serializers.IntegerField()


class OfficialResults(_Instalments):
    """All products at list price."""

    official_website_amount = AmountField()
    measure_id = serializers.IntegerField()
    product_rating_results = OfficialResult(many=True)


class _Discounted(_Instalments):
    amount = AmountField()
    official_website_amount = AmountField()
    discount_amount = AmountField()
    measure_id = serializers.IntegerField()
    installment_official_discount_amount = serializers.CharField(allow_null=True)
    installment_amount = serializers.CharField(allow_null=True)


class DiscountedResult(_Discounted):
    """One product with a discount."""

    id = serializers.CharField()
    product_id = serializers.CharField()


class DiscountedResults(_Discounted):
    """All products with a discount."""

    discount_id = serializers.CharField()
    discount_type = serializers.IntegerField()
    discount_name = serializers.CharField()
    best_offer = serializers.IntegerField()
    product_rating_results = DiscountedResult(many=True)


class PeriodResponse(serializers.Serializer):
    """At list price, and with each discount that can be used."""

    official_website_rating_result = OfficialResults()
    optional_discount_rating_results = DiscountedResults(many=True)
    currency = serializers.CharField()


@dataclass(frozen=True)
class Priced:
    """A product of the request with its quote."""

    row: dict[str, Any]
    quote: Quote

    def instalment(self, amount: Decimal) -> Decimal | None:
        """What is due every month of ``amount``, 2 decimals half up; None: it is paid at once."""
        share = _INSTALMENTS.get(self.row["fee_installment_mode"])
        if share is None:
            return None
        return instalment(amount, upfront=share, months=12 * self.row["period_num"])


class ListRateOnPeriodDetail(Inquiry):
    """Price terms of yearly/monthly products."""

    name = "list_rate_on_period_detail"
    method = "POST"
    path = "/v2/bills/ratings/period-resources/subscribe-rate"
    request_serializer = PeriodRequest
    response_serializer = PeriodResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        grant = self.grant()
        found = [Priced(row, _term(row, grant)) for row in data["product_infos"]]
        usable = any(each.quote.discount_percent for each in found)
        return {
            "official_website_rating_result": _official(found),
            "optional_discount_rating_results": [_with_grant(found, grant)] if usable else [],
            "currency": "USD",
        }


def _term(row: dict[str, Any], grant: Grant) -> Quote:
    moment = clock.now()
    product, region = find_product(_wanted(row), moment, mode=BillingMode.YEARLY_MONTHLY)
    quote = quote_term(
        product,
        region,
        moment,
        period=_PERIODS[row["period_type"]],
        periods=row["period_num"],
        quantity=row["subscription_num"],
        size=_size(product, row),
        percent=grant.percent,
    )
    _within(quote.list_amount, Decimal("0.01"))
    return quote


def _official(found: Sequence[Priced]) -> dict[str, Any]:
    rows = [
        {
            "id": each.row["id"],
            "product_id": each.quote.product.code,
            "official_website_amount": each.quote.list_amount,
            "measure_id": DOLLAR,
            **_instalments(official_website=each.instalment(each.quote.list_amount)),
        }
        for each in found
    ]
    return {
        **_sums(rows, ("official_website_amount",)),
        "measure_id": DOLLAR,
        "product_rating_results": rows,
        **_instalments(
            official_website=_monthly(each.instalment(each.quote.list_amount) for each in found)
        ),
    }


def _with_grant(found: Sequence[Priced], grant: Grant) -> dict[str, Any]:
    rows = [
        {
            "id": each.row["id"],
            "product_id": each.quote.product.code,
            "amount": each.quote.amount,
            "official_website_amount": each.quote.list_amount,
            "discount_amount": each.quote.discount_amount,
            "measure_id": DOLLAR,
            **_discounted([each]),
        }
        for each in found
    ]
    return {
        "discount_id": grant.id,
        "discount_type": PARTNER_RATE,
        "discount_name": DISCOUNT_NAME,
        "best_offer": 1,
        "measure_id": DOLLAR,
        **_sums(rows, ("amount", "official_website_amount", "discount_amount")),
        **_discounted(found),
        "product_rating_results": rows,
    }


def _discounted(found: Sequence[Priced]) -> dict[str, Any]:
    listed = _monthly(each.instalment(each.quote.list_amount) for each in found)
    amount = _monthly(each.instalment(each.quote.amount) for each in found)
    discount = None if listed is None or amount is None else listed - amount
    return {
        **_instalments(official_website=listed),
        "installment_official_discount_amount": None if discount is None else str(discount),
        "installment_amount": None if amount is None else str(amount),
    }


def _monthly(instalments: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of instalments; None when nothing is paid so."""
    present = [each for each in instalments if each is not None]
    return sum(present, Decimal(0)) if present else None


def _instalments(*, official_website: Decimal | None) -> dict[str, Any]:
    none = official_website is None
    return {
        "installment_official_website_amount": None if none else str(official_website),
        "installment_period_type": None if none else _MONTH,
    }
