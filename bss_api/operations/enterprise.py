"""Enterprise projects and member accounts, for customers (docs/api/bss-api.md B.54, B.55)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.permissions import MANAGE_ENTERPRISE, VIEW_ENTERPRISE
from accounts.queries import enterprise as queries
from accounts.refusals.standing import NotEnterpriseMaster
from accounts.services import enterprise as services

from ..callers import Caller
from ..errors import ApiError
from ..paging import limit_field, page_of
from ..serializers import RequestSerializer
from ..views import Operation

CUSTOMERS = frozenset({Caller.CUSTOMER})
_NOT_A_MASTER = "CBC.0155"
_MAX_OFFSET = 2_147_483_646
_MAX_LIMIT = 100


class CreateEnterpriseProjectAuth(Operation):
    """Switch the enterprise project function on."""

    name = "create_enterprise_project_auth"
    method = "POST"
    path = "/v2/enterprises/enterprise-projects/authority"
    callers = CUSTOMERS
    permission = MANAGE_ENTERPRISE
    error_codes = {"accounts.enterprise.projects_enabled": "CBC.99007004"}

    def run(self, data: dict[str, Any]) -> None:
        services.enable_projects(self.actor)


class SubCustomersRequest(RequestSerializer):
    """Filters; an empty string finds what is empty."""

    keeps_blank = frozenset({"sub_customer_account_name", "sub_customer_display_name", "org_id"})

    sub_customer_account_name = serializers.CharField(
        max_length=64, required=False, allow_blank=True
    )
    sub_customer_display_name = serializers.CharField(
        max_length=64, required=False, allow_blank=True
    )
    fuzzy_query = serializers.ChoiceField([0, 1], required=False, default=0)
    offset = serializers.IntegerField(required=False, default=0, min_value=0, max_value=_MAX_OFFSET)
    limit = limit_field(_MAX_LIMIT)
    org_id = serializers.CharField(max_length=64, required=False, allow_blank=True)


class SubCustomerInfo(serializers.Serializer):
    """One member account. Members of the root have an empty unit."""

    id = serializers.CharField(source="member.public_id")
    name = serializers.CharField(source="member.name")
    display_name = serializers.CharField()
    status = serializers.IntegerField()
    org_id = serializers.CharField(source="unit.public_id", default="")
    org_name = serializers.CharField(source="unit.name", default="")


class SubCustomersResponse(serializers.Serializer):
    """A page of member accounts."""

    total_count = serializers.IntegerField()
    sub_customer_infos = SubCustomerInfo(many=True)


class ListEnterpriseSubCustomers(Operation):
    """Member accounts of an enterprise."""

    name = "list_enterprise_sub_customers"
    method = "GET"
    path = "/v2/enterprises/multi-accounts/sub-customers"
    callers = CUSTOMERS
    permission = VIEW_ENTERPRISE
    reads_only = True
    request_serializer = SubCustomersRequest
    response_serializer = SubCustomersResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        try:
            rows = queries.find_members(
                self.actor,
                account_name=data.get("sub_customer_account_name"),
                display_name=data.get("sub_customer_display_name"),
                unit_public_id=data.get("org_id"),
                is_fuzzy=bool(data["fuzzy_query"]),
            )
        except NotEnterpriseMaster as refusal:
            raise ApiError(403, _NOT_A_MASTER, refusal.sentence) from refusal
        page, count = page_of(rows, data)
        return {"total_count": count, "sub_customer_infos": page}
