"""Resource packages of a customer (docs/api/bss-api.md B.36 to B.38)."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from metering.permissions import VIEW_OWN_BILLS
from metering.queries import packages as queries
from metering.queries.packages import Item
from partner_center import clock
from resources.queries import projects

from ..paging import limit_field, page_of
from ..serializers import AmountField, RequestSerializer, UtcField
from ..views import Operation
from .bills import CUSTOMERS, MAX_LIMIT, DayField, offset_field, text

_MOST_DAYS = 90
#: ``quota_reuse_cycle`` month, ``quota_reuse_cycle_type`` natural cycle.
_MONTHLY, _NATURAL = 4, 1
_RESETTABLE, _NOT_RESETTABLE = 1, 2
_ORDERED, _GIVEN = 0, 1


class PackagesRequest(RequestSerializer):
    """Filters, combined with AND."""

    region_code = text()
    order_id = text(64)
    product_id = text()
    product_name = text(200)
    enterprise_project_id = text(64)
    status = serializers.ChoiceField([0, 1, 2, 3, 4], required=False)
    offset = offset_field()
    limit = limit_field(MAX_LIMIT)
    service_type_code_list = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, max_length=10
    )


class FreeResource(serializers.Serializer):
    """The item of a package; quantities are text here."""

    free_resource_id = serializers.CharField(source="item_id")
    usage_type_name = serializers.CharField(source="package.product.usage_type.name", default="")
    amount = serializers.SerializerMethodField()
    original_amount = serializers.SerializerMethodField()
    measure_id = serializers.IntegerField(source="package.product.pricing_unit_id")

    def get_amount(self, item: Item) -> str:
        return _words(item.remaining)

    def get_original_amount(self, item: Item) -> str:
        return _words(item.quota)


class FreeResourcePackage(serializers.Serializer):
    """One package."""

    order_instance_id = serializers.CharField(source="package.resource_id")
    order_id = serializers.CharField(source="package.order_no")
    product_id = serializers.CharField(source="package.product.code")
    product_name = serializers.CharField(source="package.product.name")
    enterprise_project_id = serializers.SerializerMethodField()
    enterprise_project_scope = serializers.IntegerField(default=0)
    effective_time = UtcField(source="package.effective_at")
    expire_time = UtcField(source="package.expires_at")
    status = serializers.IntegerField(source="package.package_state")
    service_type_code = serializers.CharField(source="package.product.service_type.code")
    service_type_name = serializers.CharField(source="package.product.service_type.name")
    region_code = serializers.CharField(source="package.region.code", default="")
    source_type = serializers.SerializerMethodField()
    bundle_type = serializers.CharField(default="ATOMIC_PKG")
    quota_reuse_mode = serializers.SerializerMethodField()
    free_resources = serializers.SerializerMethodField()

    def get_enterprise_project_id(self, item: Item) -> str:
        project = item.package.project
        return str(project.public_id) if project else projects.DEFAULT_ID

    def get_source_type(self, item: Item) -> int:
        return _ORDERED if item.package.order_no else _GIVEN

    def get_quota_reuse_mode(self, item: Item) -> int:
        return _RESETTABLE if item.is_resettable else _NOT_RESETTABLE

    def get_free_resources(self, item: Item) -> list[dict[str, Any]]:
        return FreeResource([item], many=True).data


class PackagesResponse(serializers.Serializer):
    """A page of packages."""

    free_resource_packages = FreeResourcePackage(many=True)
    total_count = serializers.IntegerField()


class ListFreeResourceInfos(Operation):
    """Packages that the customer bought, with what is left of them."""

    name = "list_free_resource_infos"
    method = "POST"
    path = "/v3/payments/free-resources/query"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = PackagesRequest
    response_serializer = PackagesResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = _narrowed(queries.list_packages(self.actor), data)
        page, count = page_of(rows, data)
        moment = clock.now()
        found = [queries.item_of(package, moment) for package in page]
        return {"free_resource_packages": found, "total_count": count}


class UsagesRequest(RequestSerializer):
    """Which items."""

    free_resource_ids = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=100
    )


class FreeResourceDetail(serializers.Serializer):
    """What is left of one item; quantities are numbers here."""

    free_resource_id = serializers.CharField(source="item_id")
    free_resource_type_name = serializers.CharField(source="package.product.name")
    quota_reuse_cycle = serializers.SerializerMethodField()
    quota_reuse_cycle_type = serializers.SerializerMethodField()
    usage_type_name = serializers.CharField(source="package.product.usage_type.name", default="")
    start_time = UtcField(source="starts_at")
    end_time = UtcField(source="ends_at")
    amount = AmountField(source="remaining", decimal_places=10, max_digits=38)
    original_amount = AmountField(source="quota", decimal_places=10, max_digits=38)
    measure_id = serializers.IntegerField(source="package.product.pricing_unit_id")

    def get_quota_reuse_cycle(self, item: Item) -> int | None:
        return _MONTHLY if item.is_resettable else None

    def get_quota_reuse_cycle_type(self, item: Item) -> int | None:
        return _NATURAL if item.is_resettable else None


class UsagesResponse(serializers.Serializer):
    """The items that are the caller's own."""

    free_resources = FreeResourceDetail(many=True)


class ListFreeResourceUsages(Operation):
    """Remaining quota of package items."""

    name = "list_free_resource_usages"
    method = "POST"
    path = "/v2/payments/free-resources/usages/details/query"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = UsagesRequest
    response_serializer = UsagesResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"free_resources": queries.items(self.actor, data["free_resource_ids"])}


class DeductionsRequest(RequestSerializer):
    """Days and filters."""

    free_resource_id = text(64)
    product_id = text()
    resource_type_code = text()
    deduct_time_begin = DayField()
    deduct_time_end = DayField()
    offset = offset_field()
    limit = limit_field(MAX_LIMIT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        span = (attrs["deduct_time_end"] - attrs["deduct_time_begin"]).days
        if not 0 <= span <= _MOST_DAYS:
            raise serializers.ValidationError(
                {"deduct_time_end": "It lies 0 to 90 days after the beginning."}
            )
        return attrs


class FreeResourceRecord(serializers.Serializer):
    """What one record took from one package; quantities are text."""

    deduct_time = UtcField(source="deducted_at")
    free_resource_id = serializers.SerializerMethodField()
    resource_id = serializers.CharField(source="record.resource_id")
    resource_type_code = serializers.CharField(source="record.product.resource_type.code")
    resource_type_name = serializers.CharField(source="record.product.resource_type.name")
    resource_tag = serializers.CharField(default=None)
    product_id = serializers.CharField(source="quota.resource.product.code")
    product_name = serializers.CharField(source="quota.resource.product.name")
    usage_type_code = serializers.CharField(
        source="quota.resource.product.usage_type.code", default=""
    )
    available_amount = serializers.SerializerMethodField()
    remaining_amount = serializers.SerializerMethodField()
    used_amount = serializers.SerializerMethodField()
    measure_id = serializers.IntegerField(source="quota.resource.product.pricing_unit_id")
    effective_time = UtcField(source="quota.resource.effective_at")
    expire_time = UtcField(source="quota.resource.expires_at")

    def get_free_resource_id(self, row: Any) -> str:
        return str(row.quota.resource_id)

    def get_available_amount(self, row: Any) -> str:
        return _words(row.before)

    def get_remaining_amount(self, row: Any) -> str:
        return _words(row.after)

    def get_used_amount(self, row: Any) -> str:
        return _words(row.used)


class DeductionsResponse(serializers.Serializer):
    """A page of deductions."""

    free_resource_records = FreeResourceRecord(many=True)
    total_count = serializers.IntegerField()


class ListFreeResourcesUsageRecords(Operation):
    """Deductions from packages."""

    name = "list_free_resources_usage_records"
    method = "GET"
    path = "/v2/bills/customer-bills/free-resources-usage-records"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = DeductionsRequest
    response_serializer = DeductionsResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = queries.deductions(self.actor, data["deduct_time_begin"], data["deduct_time_end"])
        if item := data.get("free_resource_id"):
            rows = rows.filter(queries.of_item(item))
        if product := data.get("product_id"):
            rows = rows.filter(quota__resource__product__code=product)
        if kind := data.get("resource_type_code"):
            rows = rows.filter(record__product__resource_type__code=kind)
        page, count = page_of(rows, data)
        return {"free_resource_records": page, "total_count": count}


def _narrowed(rows: QuerySet, data: dict[str, Any]) -> QuerySet:
    paths = {
        "region_code": "region__code",
        "order_id": "order_no__iexact",
        "product_id": "product__code",
        "product_name": "product__name",
        "status": "package_state",
    }
    equal = {path: data[name] for name, path in paths.items() if name in data}
    if project := data.get("enterprise_project_id"):
        rows = rows.filter(projects.named(project))
    if codes := data.get("service_type_code_list"):
        same = (Q(product__service_type__code__iexact=code) for code in codes)
        rows = rows.filter(reduce(or_, same))
    return rows.filter(**equal)


def _words(value: Decimal) -> str:
    return format(value.normalize(), "f")
