"""The product dictionary and the price list (docs/api/bss-api.md B.39 to B.46)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.choices import BillingMode, Period
from catalog.queries import dictionary
from partner_center import clock

from .. import paging
from ..serializers import RequestSerializer
from ..views import Operation

#: charge_mode of B.45.
_CHARGE_MODES = {"1": BillingMode.YEARLY_MONTHLY, "3": BillingMode.PAY_PER_USE}
#: Terms as the API numbers them.
PERIOD_TYPES = {Period.DAY: 0, Period.MONTH: 2, Period.YEAR: 3, Period.HOUR: 4}
#: The vendor's measure ID of an hour.
_HOUR = 4


def _code(most: int = 64, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, **kwargs)


class ServiceTypesRequest(RequestSerializer):
    """Which services."""

    offset = paging.offset_field()
    limit = paging.limit_field(200)
    service_type_name = _code(128, required=False)


class ServiceTypeRow(serializers.Serializer):
    """One service."""

    service_type_name = serializers.CharField(source="name")
    service_type_code = serializers.CharField(source="code")
    abbreviation = serializers.CharField()


class ServiceTypesResponse(serializers.Serializer):
    """One page of services and the number of all."""

    total_count = serializers.IntegerField()
    service_types = ServiceTypeRow(many=True)


class ListServiceTypes(Operation):
    """Cloud services, without those of the marketplace."""

    name = "list_service_types"
    method = "GET"
    path = "/v2/products/service-types"
    reads_only = True
    per_second = 10
    request_serializer = ServiceTypesRequest
    response_serializer = ServiceTypesResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = dictionary.service_types(data.get("service_type_name", ""))
        found, count = paging.page_of(rows, data)
        return {"total_count": count, "service_types": found}


class PageRequest(RequestSerializer):
    """A page of everything."""

    offset = paging.offset_field()
    limit = paging.limit_field(100)


class ResourceTypeRow(serializers.Serializer):
    """One resource type."""

    resource_type_code = serializers.CharField(source="code")
    resource_type_name = serializers.CharField(source="name")
    resource_type_desc = serializers.CharField(source="description")
    service_type_code = serializers.CharField(source="service_type.code")


class ResourceTypesResponse(serializers.Serializer):
    """One page of resource types and the number of all."""

    total_count = serializers.IntegerField()
    resource_types = ResourceTypeRow(many=True)


class ListResourceTypes(Operation):
    """Resource types of all services."""

    name = "list_resource_types"
    method = "GET"
    path = "/v2/products/resource-types"
    reads_only = True
    per_second = 10
    request_serializer = PageRequest
    response_serializer = ResourceTypesResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        found, count = paging.page_of(dictionary.resource_types(), data)
        return {"total_count": count, "resource_types": found}


class ServiceResourcesRequest(PageRequest):
    """Which service."""

    service_type_code = _code()


class ResourceBasicInfo(serializers.Serializer):
    """A resource type within its service."""

    resource_type_code = serializers.CharField(source="code")
    product_owner_service = serializers.CharField(source="service_type.code")
    name = serializers.CharField()
    description = serializers.CharField()


class ServiceResourceInfo(serializers.Serializer):
    """One row."""

    basic_info = ResourceBasicInfo(source="*")


class ServiceResourcesResponse(serializers.Serializer):
    """One page of resource types and the number of all."""

    total_count = serializers.IntegerField()
    infos = ServiceResourceInfo(many=True)


class ListServiceResources(Operation):
    """Resource types of one service."""

    name = "list_service_resources"
    method = "GET"
    path = "/v2/products/service-resources"
    reads_only = True
    request_serializer = ServiceResourcesRequest
    response_serializer = ServiceResourcesResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = dictionary.resource_types(data["service_type_code"])
        found, count = paging.page_of(rows, data)
        return {"total_count": count, "infos": found}


class UsageTypesRequest(PageRequest):
    """Of which resource type; absent: of all."""

    resource_type_code = _code(required=False)


class UsageTypeRow(serializers.Serializer):
    """One usage type."""

    code = serializers.CharField()
    name = serializers.CharField()
    resource_type_code = serializers.CharField(source="resource_type.code")
    service_type_code = serializers.CharField(source="resource_type.service_type.code")
    resource_type_name = serializers.CharField(source="resource_type.name")
    service_type_name = serializers.CharField(source="resource_type.service_type.name")


class UsageTypesResponse(serializers.Serializer):
    """One page of usage types and the number of all."""

    total_count = serializers.IntegerField()
    usage_types = UsageTypeRow(many=True)


class ListUsageTypes(Operation):
    """Usage types: what of a resource is metered."""

    name = "list_usage_types"
    method = "GET"
    path = "/v2/products/usage-types"
    reads_only = True
    request_serializer = UsageTypesRequest
    response_serializer = UsageTypesResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = dictionary.usage_types(data.get("resource_type_code", ""))
        found, count = paging.page_of(rows, data)
        return {"total_count": count, "usage_types": found}


class MeasureUnitRow(serializers.Serializer):
    """One unit."""

    measure_id = serializers.IntegerField(source="pk")
    measure_name = serializers.CharField(source="name")
    abbreviation = serializers.CharField()
    measure_type = serializers.IntegerField()


class MeasureUnitsResponse(serializers.Serializer):
    """All units."""

    measure_units = MeasureUnitRow(many=True)


class ListMeasureUnits(Operation):
    """Units of measurement."""

    name = "list_measure_units"
    method = "GET"
    path = "/v2/bases/measurements"
    reads_only = True
    response_serializer = MeasureUnitsResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"measure_units": dictionary.measure_units()}


class ConversionsRequest(RequestSerializer):
    """Of which measure type; absent: of all. An empty string is refused."""

    keeps_blank = frozenset({"measure_type"})
    measure_type = serializers.IntegerField(required=False, min_value=1)


class ConversionRow(serializers.Serializer):
    """One unit is so many of another."""

    measure_id = serializers.IntegerField(source="unit_id")
    ref_measure_id = serializers.IntegerField(source="reference_id")
    conversion_ratio = serializers.IntegerField(source="ratio")
    measure_type = serializers.IntegerField(source="unit.measure_type")


class ConversionsResponse(serializers.Serializer):
    """All that were asked for."""

    conversions = ConversionRow(many=True)


class ListConversions(Operation):
    """How units convert into each other."""

    name = "list_conversions"
    method = "GET"
    path = "/v2/bases/conversions"
    reads_only = True
    per_second = 10
    request_serializer = ConversionsRequest
    response_serializer = ConversionsResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"conversions": dictionary.conversions(data.get("measure_type"))}


class SpecFilter(RequestSerializer):
    """A specification by its code."""

    key = serializers.ChoiceField(["RESOURCE_SPEC"])
    value = _code(128)


class SpecsRequest(RequestSerializer):
    """Of which service, resource type and region."""

    cloud_service_type = _code()
    resource_type = _code()
    region_code = _code()
    charge_mode = serializers.RegexField(r"^[13]$")
    filters = SpecFilter(many=True, required=False, max_length=1)
    marker = paging.marker_field()
    limit = serializers.IntegerField(required=False, default=100, min_value=1, max_value=100)


class SpecIdentity(serializers.Serializer):
    """A specification, its resource type and service."""

    cloud_service_type = serializers.CharField(source="resource_type.service_type.code")
    cloud_service_type_name = serializers.CharField(source="resource_type.service_type.name")
    resource_type = serializers.CharField(source="resource_type.code")
    resource_type_name = serializers.CharField(source="resource_type.name")
    resource_spec = serializers.CharField(source="code")
    resource_spec_name = serializers.CharField(source="name")


class CloudServiceBasic(SpecIdentity):
    """One row."""

    charge_mode = serializers.CharField()
    region_code = serializers.CharField()


class PageInfo(serializers.Serializer):
    """Where the next page begins; null: there is none."""

    next_marker = serializers.CharField(allow_null=True)


class SpecsResponse(serializers.Serializer):
    """One page."""

    page_info = PageInfo()
    cloud_service_basics = CloudServiceBasic(many=True)


class ListResourceSpecs(Operation):
    """Specifications that a resource type has on sale in a region."""

    name = "list_resource_specs"
    method = "POST"
    path = "/v2/products/resource-specs-query"
    reads_only = True
    request_serializer = SpecsRequest
    response_serializer = SpecsResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = dictionary.specs(
            data["region_code"],
            clock.now(),
            modes=[_CHARGE_MODES[data["charge_mode"]]],
            service_code=data["cloud_service_type"],
            resource_type_code=data["resource_type"],
            spec_code=_filters(data).get("RESOURCE_SPEC", ""),
        )
        found, marker = paging.after_marker(rows, data)
        for row in found:
            row.charge_mode, row.region_code = data["charge_mode"], data["region_code"]
        return {"page_info": {"next_marker": marker}, "cloud_service_basics": found}


def _filters(data: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["value"] for each in data.get("filters", [])}


class PriceFilter(RequestSerializer):
    """A specification by its code, or a charging mode."""

    key = serializers.ChoiceField(["RESOURCE_SPEC", "CHARGING_MODE"])
    value = _code(128)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A charging mode is one of four words."""
        if attrs["key"] == "CHARGING_MODE" and attrs["value"] not in CHARGING_MODES:
            raise serializers.ValidationError({"value": f"One of {', '.join(CHARGING_MODES)}."})
        return attrs


#: charging_mode of B.46 → billing modes; a one-time price is one of a yearly/monthly product.
CHARGING_MODES = {
    "PERIOD": (BillingMode.YEARLY_MONTHLY,),
    "ON_DEMAND": (BillingMode.PAY_PER_USE,),
    "ONE_TIME": (BillingMode.YEARLY_MONTHLY,),
    "ON_DEMAND_PKG": (BillingMode.PACKAGE,),
}


class SpecsPriceRequest(RequestSerializer):
    """Of which region, and which part of the catalogue."""

    cloud_service_type = _code(required=False)
    resource_type = _code(required=False)
    region_code = _code()
    filters = PriceFilter(many=True, required=False, max_length=1)
    need_attributes = serializers.BooleanField(required=False, default=False)
    need_price = serializers.BooleanField(required=False, default=False)
    marker = paging.marker_field()
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=50)


class LinearRange(serializers.Serializer):
    """Sizes that can be bought."""

    min = serializers.IntegerField()
    max = serializers.IntegerField()
    step = serializers.IntegerField()


class AttributeRow(serializers.Serializer):
    """One attribute; a size has a range in place of a value."""

    code = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    linear_range = LinearRange(allow_null=True)


class PriceItem(serializers.Serializer):
    """One list price of one product; ``period_type`` 0 day, 2 month, 3 year, 4 hour."""

    offering_id = serializers.CharField()
    currency = serializers.CharField()
    official_price = serializers.CharField()
    charging_mode = serializers.CharField()
    period_type = serializers.IntegerField(allow_null=True)
    period_nums = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    billing_usage_factor = serializers.CharField(allow_null=True)


class SpecInfo(SpecIdentity):
    """One row; attributes and prices when they were asked for."""

    attributes = AttributeRow(many=True, allow_null=True)
    price_lists = PriceItem(many=True, allow_null=True)


class SpecsPriceResponse(serializers.Serializer):
    """One page."""

    page_info = PageInfo()
    region_code = serializers.CharField()
    resource_spec_infos = SpecInfo(many=True)


class ListResourceSpecsPrice(Operation):
    """Specifications of a region with their attributes and list prices."""

    name = "list_resource_specs_price"
    method = "POST"
    path = "/v2/products/resource-specs-price/query"
    reads_only = True
    request_serializer = SpecsPriceRequest
    response_serializer = SpecsPriceResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        moment, asked = clock.now(), _filters(data)
        mode = asked.get("CHARGING_MODE", "")
        rows = dictionary.specs(
            data["region_code"],
            moment,
            modes=CHARGING_MODES.get(mode, dictionary.LISTED_MODES),
            service_code=data.get("cloud_service_type", ""),
            resource_type_code=data.get("resource_type", ""),
            spec_code=asked.get("RESOURCE_SPEC", ""),
            one_time={"ONE_TIME": True, "PERIOD": False}.get(mode),
        )
        found, marker = paging.after_marker(rows, data)
        sold = [product for row in found for product in row.sold]
        region = data["region_code"]
        priced = dictionary.price_rows(sold, region, moment) if data["need_price"] else {}
        for row in found:
            row.attributes = _attributes(row) if data["need_attributes"] else None
            items = [_item(each) for product in row.sold for each in priced.get(product.pk, [])]
            wanted = [item for item in items if mode in ("", item["charging_mode"])]
            row.price_lists = wanted if data["need_price"] else None
        return {
            "page_info": {"next_marker": marker},
            "region_code": data["region_code"],
            "resource_spec_infos": found,
        }


def _attributes(spec: Any) -> list[dict[str, Any]]:
    own = [{**each, "linear_range": None} for each in spec.attributes]
    if not spec.is_linear:
        return own
    size = {"min": spec.size_min, "max": spec.size_max, "step": spec.size_step}
    unit = spec.size_unit.abbreviation
    return [
        *own,
        {"code": "size", "name": "Size", "value": None, "unit": unit, "linear_range": size},
    ]


def _item(price: dictionary.PriceRow) -> dict[str, Any]:
    product = price.product
    by_use = product.mode == BillingMode.PAY_PER_USE
    hourly = by_use and product.pricing_unit_id == _HOUR
    return {
        "offering_id": product.code,
        "currency": "USD",
        "official_price": price.text,
        "charging_mode": _charging_mode(product.mode, price.period),
        "period_type": PERIOD_TYPES[Period.HOUR] if hourly else PERIOD_TYPES.get(price.period),
        "period_nums": None if by_use else list(price.counts),
        "billing_usage_factor": product.usage_type.code if by_use else None,
    }


def _charging_mode(mode: str, period: str) -> str:
    if mode == BillingMode.PAY_PER_USE:
        return "ON_DEMAND"
    if mode == BillingMode.PACKAGE:
        return "ON_DEMAND_PKG"
    return "ONE_TIME" if period == Period.ONE_TIME else "PERIOD"
