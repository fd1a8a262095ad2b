"""A distributor's resellers (docs/api/bss-api.md B.7)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from resellers.permissions import VIEW_RESELLERS
from resellers.queries.resellers import find_resellers

from ..callers import Caller
from ..paging import limit_field, offset_field, page_of
from ..serializers import RequestSerializer, UtcField
from ..views import Operation


class IndirectPartnersRequest(RequestSerializer):
    """Which resellers; both bounds belong to the range."""

    account_name = serializers.CharField(max_length=64, required=False)
    associated_on_begin = UtcField(required=False)
    associated_on_end = UtcField(required=False)
    offset = offset_field()
    limit = limit_field(100)
    indirect_partner_id = serializers.CharField(max_length=64, required=False)


class IndirectPartner(serializers.Serializer):
    """One reseller. Resellers have no account manager of the distributor."""

    indirect_partner_id = serializers.CharField(source="reseller.public_id")
    mobile_phone = serializers.CharField(source="reseller.bound_mobile")
    email = serializers.CharField(source="reseller.email")
    account_name = serializers.CharField(source="reseller.name")
    name = serializers.CharField(source="reseller.title")
    associated_on = UtcField(source="associated_at")
    account_manager_id = serializers.CharField(default="")
    account_manager_name = serializers.CharField(default="")


class IndirectPartnersResponse(serializers.Serializer):
    """One page of resellers and the number of all."""

    count = serializers.IntegerField()
    indirect_partners = IndirectPartner(many=True)


class ListIndirectPartners(Operation):
    """Page through the distributor's resellers, the newest first."""

    name = "list_indirect_partners"
    method = "POST"
    path = "/v2/partners/indirect-partners/query"
    callers = frozenset({Caller.DISTRIBUTOR})
    permission = VIEW_RESELLERS
    reads_only = True
    request_serializer = IndirectPartnersRequest
    response_serializer = IndirectPartnersResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = find_resellers(
            self.actor,
            account_name=data.get("account_name", ""),
            reseller_id=data.get("indirect_partner_id", ""),
            associated_from=data.get("associated_on_begin"),
            associated_to=data.get("associated_on_end"),
        )
        found, count = page_of(rows, data)
        return {"count": count, "indirect_partners": found}
