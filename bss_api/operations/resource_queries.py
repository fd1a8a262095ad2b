"""Queries of resources (docs/api/bss-api.md B.21, B.22)."""

from __future__ import annotations

import json
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from rest_framework import serializers

from partner_center.permissions import Audience
from resources.choices import ExpiryPolicy, ResourceStatus
from resources.permissions import VIEW_RESOURCES
from resources.queries import api as queries
from resources.queries.projects import DEFAULT_ID, DEFAULT_NAME

from .. import paging
from ..callers import PARTNERS
from ..serializers import AmountField, RequestSerializer, UtcField
from ..views import Operation

_EXISTING = ~Q(status=ResourceStatus.RELEASED)
_FROZEN = _EXISTING & Q(frozen_at__isnull=False)
_AT_WORK = Q(status__in=[ResourceStatus.RUNNING, ResourceStatus.STOPPED], frozen_at=None)
_NONE = Q(pk__in=[])
#: ONDEMAND_STATUS: 1 normal, 2 grace period, 3 frozen, 4 changing, 5 closing, 6 closed.
ON_DEMAND = {
    1: _AT_WORK,
    2: Q(status=ResourceStatus.EXPIRED, frozen_at=None),
    3: _FROZEN,
    4: _NONE,
    5: _NONE,
    6: Q(status=ResourceStatus.RELEASED),
}
#: PERIOD_STATUS: 2 in use, 3 closed, 4 frozen, 5 expired.
PERIOD = {
    2: _AT_WORK,
    3: Q(status=ResourceStatus.RELEASED),
    4: _FROZEN,
    5: Q(status=ResourceStatus.EXPIRED, frozen_at=None),
}
EXPIRE_POLICIES = {
    ExpiryPolicy.RETAIN: 0,
    ExpiryPolicy.TO_PAY_PER_USE: 1,
    ExpiryPolicy.AUTO_RENEW: 3,
}
_RESOURCE_IDS = 50


def _text(most: int = 64) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False)


def _ids() -> serializers.ListField:
    child = serializers.CharField(max_length=512)
    return serializers.ListField(child=child, max_length=_RESOURCE_IDS, required=False)


class OnDemandRequest(RequestSerializer):
    """Which pay-per-use resources of which customer."""

    customer_id = serializers.CharField(max_length=64)
    region_code = _text()
    service_type_code = _text()
    resource_ids = _ids()
    effective_time_begin = UtcField(required=False)
    effective_time_end = UtcField(required=False)
    offset = paging.offset_field()
    limit = paging.limit_field(100)
    status = serializers.IntegerField(min_value=1, max_value=6, required=False)
    indirect_partner_id = _text()


class _Resource(serializers.Serializer):
    """What both operations write of a resource."""

    region_code = serializers.SerializerMethodField()
    service_type_code = serializers.CharField(source="product.service_type.code")
    resource_type_code = serializers.CharField(source="product.resource_type.code")
    service_type_name = serializers.CharField(source="product.service_type.name")
    resource_type_name = serializers.CharField(source="product.resource_type.name")
    resource_id = serializers.CharField()
    resource_name = serializers.CharField(source="name")
    effective_time = UtcField(source="effective_at")
    expire_time = UtcField(source="expires_at")
    status = serializers.SerializerMethodField()
    resource_spec_code = serializers.SerializerMethodField()
    product_spec_desc = serializers.CharField(source="spec_text")

    def get_region_code(self, row: Any) -> str:
        return row.region.code if row.region else ""

    def get_resource_spec_code(self, row: Any) -> str:
        return row.product.spec.code if row.product.spec else ""


class OnDemandResource(_Resource):
    """One pay-per-use resource."""

    customer_id = serializers.CharField(source="account.public_id")
    availability_zone_code = serializers.CharField(source="zone")
    resource_info = serializers.SerializerMethodField()

    def get_status(self, row: Any) -> int:
        if row.status == ResourceStatus.RELEASED:
            return 6
        if row.is_frozen:
            return 3
        return 2 if row.status == ResourceStatus.EXPIRED else 1

    def get_resource_info(self, row: Any) -> str:
        """The capacity as a JSON text, as the reference has it."""
        return json.dumps({"specSize": float(row.size)}, separators=(",", ":")) if row.size else ""


class OnDemandResponse(serializers.Serializer):
    """The page and the number of all."""

    resources = OnDemandResource(many=True)
    total_count = serializers.IntegerField()


class ListCustomerOnDemandResources(Operation):
    """A customer's pay-per-use resources."""

    name = "list_customer_on_demand_resources"
    method = "POST"
    path = "/v2/partners/sub-customers/on-demand-resources/query"
    callers = PARTNERS
    permission = VIEW_RESOURCES
    reads_only = True
    request_serializer = OnDemandRequest
    response_serializer = OnDemandResponse
    error_codes = {
        "resources.not_your_customer": "CBC.99000035",
        "customers.creation.no_reseller": "CBC.99000037",
    }

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        names = {
            "region_code": "region",
            "service_type_code": "service",
            "resource_ids": "resource_ids",
            "effective_time_begin": "effective_from",
            "effective_time_end": "effective_to",
        }
        criteria = {name: data[sent] for sent, name in names.items() if data.get(sent)}
        if status := data.get("status"):
            criteria["states"] = ON_DEMAND[status]
        rows = queries.usage_of_customer(
            self.actor,
            data["customer_id"],
            criteria,
            reseller=data.get("indirect_partner_id", ""),
        )
        found, count = paging.page_of(rows, data)
        return {"resources": found, "total_count": count}


class TermResourcesRequest(RequestSerializer):
    """Which yearly/monthly resources. An empty service type code is an error, not no filter (B.22)."""

    keeps_blank = frozenset({"service_type_code"})

    resource_ids = _ids()
    order_id = _text()
    only_main_resource = serializers.ChoiceField([0, 1], required=False, default=0)
    status_list = serializers.ListField(child=serializers.ChoiceField(list(PERIOD)), required=False)
    offset = paging.offset_field()
    limit = paging.limit_field(500)
    expire_time_begin = UtcField(required=False)
    expire_time_end = UtcField(required=False)
    service_type_code = _text()
    customer_id = _text()


class TermResource(_Resource):
    """One yearly/monthly resource."""

    id = serializers.CharField(source="pk")
    project_id = serializers.CharField(default="")
    product_id = serializers.CharField(source="product.code")
    parent_resource_id = serializers.SerializerMethodField()
    is_main_resource = serializers.SerializerMethodField()
    expire_policy = serializers.SerializerMethodField()
    spec_size = AmountField(source="size")
    spec_size_measure_id = serializers.SerializerMethodField()
    update_time = UtcField(source="updated_at")
    enterprise_project = serializers.SerializerMethodField()

    def get_status(self, row: Any) -> int:
        if row.status == ResourceStatus.RELEASED:
            return 3
        if row.is_frozen:
            return 4
        return 5 if row.status == ResourceStatus.EXPIRED else 2

    def get_enterprise_project(self, row: Any) -> dict[str, str]:
        if row.project is None:
            return {"id": DEFAULT_ID, "name": DEFAULT_NAME}
        return {"id": str(row.project.public_id), "name": row.project.name}

    def get_parent_resource_id(self, row: Any) -> str:
        return row.parent.resource_id if row.parent else ""

    def get_is_main_resource(self, row: Any) -> int:
        return int(row.parent_id is None)

    def get_expire_policy(self, row: Any) -> int:
        return EXPIRE_POLICIES[ExpiryPolicy(row.expiry_policy)]

    def get_spec_size_measure_id(self, row: Any) -> int | None:
        spec = row.product.spec
        return spec.size_unit_id if spec and row.size else None


class TermResourcesResponse(serializers.Serializer):
    """The page and the number of all."""

    data = TermResource(many=True)
    total_count = serializers.IntegerField()


class ListPayPerUseCustomerResources(Operation):
    """Page through yearly/monthly resources (the name misleads)."""

    name = "list_pay_per_use_customer_resources"
    method = "POST"
    path = "/v2/orders/suscriptions/resources/query"
    permission = VIEW_RESOURCES
    reads_only = True
    request_serializer = TermResourcesRequest
    response_serializer = TermResourcesResponse
    error_codes = {"resources.not_your_customer": "CBC.99000000"}

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        names = {
            "resource_ids": "resource_ids",
            "order_id": "order_no",
            "expire_time_begin": "expires_from",
            "expire_time_end": "expires_to",
            "service_type_code": "service",
        }
        criteria = {name: data[sent] for sent, name in names.items() if data.get(sent)}
        criteria["mains_only"] = data["only_main_resource"] == 1
        if states := data.get("status_list"):
            criteria["states"] = reduce(or_, (PERIOD[state] for state in states))
        is_customer = self.actor.audience == Audience.CUSTOMER
        customer_id = "" if is_customer else data.get("customer_id", "")
        rows = queries.term_resources(self.actor, customer_id, criteria)
        found, count = paging.page_of(rows, data)
        return {"data": found, "total_count": count}
