"""Costs of a customer by dimension (docs/api/bss-api.md B.32)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from metering.permissions import VIEW_OWN_BILLS
from metering.queries import costs as queries
from metering.queries.costs import MOST_BUCKETS, Bucket, CostRow, Filter, GroupKey
from partner_center import money
from partner_center.clock import BillingCycle

from ..paging import limit_field
from ..serializers import RequestSerializer
from ..views import Operation
from .bills import CUSTOMERS, TOO_MANY_MEMBERS, offset_field

_DAY, _MONTH = 1, 2
_PLACES = 8
_OF_FILTERS = {"RESOURCE_TAG": "tag", "COST_UNIT": "cost_unit"}


class TimeCondition(RequestSerializer):
    """Days or months, both ends included."""

    time_measure_id = serializers.ChoiceField([_DAY, _MONTH])
    begin_time = serializers.CharField(max_length=10)
    end_time = serializers.CharField(max_length=10)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            buckets = _buckets(attrs)
        except ValueError:
            form = "YYYY-MM-DD" if attrs["time_measure_id"] == _DAY else "YYYY-MM"
            raise serializers.ValidationError(f"Times are written {form}.") from None
        if not buckets:
            raise serializers.ValidationError({"end_time": "The end comes before the beginning."})
        if len(buckets) > MOST_BUCKETS:
            raise serializers.ValidationError(f"The span has more than {MOST_BUCKETS} parts.")
        return attrs | {"buckets": buckets}


class GroupBy(RequestSerializer):
    """A dimension, tag or cost unit."""

    type = serializers.ChoiceField(
        ["dimension", "tag", "cost_unit"], required=False, default="dimension"
    )
    key = serializers.CharField(max_length=128)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["type"] == "dimension" and attrs["key"] not in queries.DIMENSIONS:
            raise serializers.ValidationError({"key": "There is no such dimension."})
        return attrs


class FilterFactor(RequestSerializer):
    """A dimension and values of it; of tags each value is ``key:value``."""

    key = serializers.ChoiceField([*queries.DIMENSIONS, *_OF_FILTERS])
    value = serializers.ListField(
        child=serializers.CharField(max_length=512, allow_blank=True), min_length=1
    )


class FilterV2(RequestSerializer):
    """Include only (0) or exclude (1)."""

    operator = serializers.ChoiceField([0, 1])
    filter_factor = FilterFactor()


class CostsRequest(RequestSerializer):
    """Which costs, how they are grouped."""

    time_condition = TimeCondition()
    groupby = serializers.ListField(child=GroupBy(), min_length=1, max_length=10)
    cost_type = serializers.ChoiceField(["ORIGINAL_COST", "AMORTIZED_COST"])
    amount_type = serializers.ChoiceField(["PAYMENT_AMOUNT", "NET_AMOUNT"])
    offset = offset_field()
    limit = limit_field(100)
    filters = serializers.ListField(child=FilterV2(), required=False, max_length=20)


class DimensionGroup(serializers.Serializer):
    """One value of a row."""

    key = serializers.CharField()
    value = serializers.CharField()


class Cost(serializers.Serializer):
    """One day or month of a row."""

    time_dimension_value = serializers.CharField()
    time_measure_id = serializers.IntegerField()
    amount = serializers.CharField()
    official_amount = serializers.CharField()


class CostDataByDimension(serializers.Serializer):
    """One combination of values."""

    dimensions = DimensionGroup(many=True)
    costs = Cost(many=True)
    amount_by_costs = serializers.CharField()
    official_amount_by_costs = serializers.CharField()


class CostsResponse(serializers.Serializer):
    """A page of combinations."""

    currency = serializers.CharField()
    total_count = serializers.IntegerField()
    cost_data = CostDataByDimension(many=True)


class ListCosts(Operation):
    """Costs by dimension, by day or month. What is payable is paid: both amounts are the same."""

    name = "list_costs"
    method = "POST"
    path = "/v4/costs/cost-analysed-bills/query"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = CostsRequest
    response_serializer = CostsResponse
    error_codes = TOO_MANY_MEMBERS

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        time = data["time_condition"]
        groups = [GroupKey(each["type"], each["key"]) for each in data["groupby"]]
        rows = queries.cost_rows(
            self.actor,
            time["buckets"],
            groups,
            _filters(data.get("filters", ())),
            amortized=data["cost_type"] == "AMORTIZED_COST",
        )
        page = rows[data["offset"] : data["offset"] + data["limit"]]
        return {
            "currency": "USD",
            "total_count": len(rows),
            "cost_data": [_printed(row, groups, time) for row in page],
        }


def _buckets(attrs: dict[str, Any]) -> list[Bucket]:
    begin, end = attrs["begin_time"], attrs["end_time"]
    if attrs["time_measure_id"] == _DAY:
        return queries.days(_day(begin), _day(end))
    return queries.months(BillingCycle.parse(begin), BillingCycle.parse(end))


def _day(words: str) -> date:
    return datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 — a day has no zone


def _filters(sent: Sequence[dict[str, Any]]) -> list[Filter]:
    found = []
    for each in sent:
        key, values = each["filter_factor"]["key"], each["filter_factor"]["value"]
        kind = _OF_FILTERS.get(key, "dimension")
        if kind == "tag":
            key, values = _tag(values)
        found.append(Filter(GroupKey(kind, key), values, bool(each["operator"])))
    return found


def _tag(values: Sequence[str]) -> tuple[str, list[str]]:
    """The key of the first ``key:value`` and the values that go with it."""
    pairs = [value.partition(":")[::2] for value in values]
    key = pairs[0][0]
    return key, [value for name, value in pairs if name == key]


def _printed(row: CostRow, groups: Sequence[GroupKey], time: dict[str, Any]) -> dict[str, Any]:
    zero = (Decimal(0), Decimal(0))
    due, official = row.total
    return {
        "dimensions": [
            {"key": group.key, "value": value}
            for group, value in zip(groups, row.values, strict=True)
        ],
        "costs": [
            {
                "time_dimension_value": bucket.name,
                "time_measure_id": time["time_measure_id"],
                "amount": _words(row.by_bucket.get(bucket.name, zero)[0]),
                "official_amount": _words(row.by_bucket.get(bucket.name, zero)[1]),
            }
            for bucket in time["buckets"]
        ],
        "amount_by_costs": _words(due),
        "official_amount_by_costs": _words(official),
    }


def _words(value: Decimal) -> str:
    return format(money.to_places(value, _PLACES), "f")
