"""Bill lines and expenditure records of a customer (docs/api/bss-api.md B.30, B.31)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from rest_framework import serializers

import metering.queries.api as queries
from metering.permissions import VIEW_OWN_BILLS
from metering.queries.api import BY_CYCLE, BY_DAY, SINGLE, Accounts, Asked

from ..paging import page_of
from ..serializers import UTC_FORMAT, AmountField
from ..views import Operation
from .bills import (
    CUSTOMERS,
    DOLLAR,
    TOO_MANY_MEMBERS,
    ZERO,
    AccountsRequest,
    CycleField,
    DayField,
    accounts_of,
    amount,
    quantity,
    text,
)


class _ResourceRow(serializers.Serializer):
    """What both operations print of a row."""

    bill_type = serializers.IntegerField(source="bill_code")
    customer_id = serializers.CharField(source="customer_uid")
    region = serializers.CharField(source="region_code")
    region_name = serializers.CharField()
    cloud_service_type = serializers.CharField(source="service_code")
    cloud_service_type_name = serializers.CharField(source="service_name")
    resource_type_name = serializers.CharField()
    resource_name = serializers.CharField()
    resource_tag = serializers.CharField()
    sku_code = serializers.CharField(source="spec_code")
    enterprise_project_id = serializers.CharField()
    enterprise_project_name = serializers.CharField()
    cash_amount = amount()
    credit_amount = amount()
    coupon_amount = amount()
    flexipurchase_coupon_amount = amount()
    stored_card_amount = amount()
    bonus_amount = amount()
    debt_amount = amount()
    adjustment_amount = amount()
    official_amount = amount()
    discount_amount = amount()
    measure_id = serializers.IntegerField()
    trade_id = serializers.CharField()
    product_spec_desc = serializers.CharField()
    sub_service_type_code = serializers.CharField()
    sub_service_type_name = serializers.CharField()
    sub_resource_type_code = serializers.CharField()
    sub_resource_type_name = serializers.CharField()
    sub_resource_id = serializers.CharField()
    sub_resource_name = serializers.CharField()
    effective_time = serializers.CharField()
    expire_time = serializers.CharField()
    consume_time = serializers.CharField()
    account_name = serializers.CharField()
    period_num = AmountField(decimal_places=2)


_RESERVED = dict.fromkeys(
    (
        "resource_tag",
        "sub_service_type_code",
        "sub_service_type_name",
        "sub_resource_type_code",
        "sub_resource_type_name",
        "sub_resource_id",
        "sub_resource_name",
    )
)
_NOT_PAID_WITH = dict.fromkeys(
    (
        "coupon_amount",
        "flexipurchase_coupon_amount",
        "stored_card_amount",
        "bonus_amount",
        "debt_amount",
        "adjustment_amount",
    ),
    ZERO,
)


def _common(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of both operations, from a row of ``resource_rows``."""
    is_single, words = "pk" in row, queries.words_of(row)
    return {
        **row,
        **words,
        **_RESERVED,
        **_NOT_PAID_WITH,
        "enterprise_project_id": row["project_code"],
        "enterprise_project_name": row["project_name"],
        "official_amount": row["official"],
        "discount_amount": row["discount"],
        "cash_amount": row["cash"],
        "credit_amount": row["credit"],
        "measure_id": DOLLAR,
        "trade_id": words["trade"],
        "product_spec_desc": _spec_words(row),
        "effective_time": _utc(row["started_at"]) if is_single else None,
        "expire_time": _utc(words["last_second"]) if is_single else None,
        "consume_time": _consumed(row) if is_single else None,
        "period_num": row["period_count"],
    }


def _spec_words(row: dict[str, Any]) -> str:
    values = [str(attribute["value"]) for attribute in row["spec_attributes"] or ()]
    if row["size"] is not None:
        values.append(f"{row['size']} {row['size_unit'] or ''}".strip())
    return "|".join(values)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(UTC_FORMAT)


def _consumed(row: dict[str, Any]) -> str:
    """When an order was paid; when the record of usage was made."""
    return _utc(row["charged_at"] if row["order_no"] else row["accepted_at"])


class AzCodeInfo(serializers.Serializer):
    """One availability zone."""

    az_code = serializers.CharField()


class RelationInfo(serializers.Serializer):
    """A resource that this one belongs to."""

    relative_resource_id = serializers.CharField()
    relative_type = serializers.CharField()


class ResRelation(serializers.Serializer):
    """The resource of the fee and what it belongs to."""

    self_resource_id = serializers.CharField()
    relation_infos = RelationInfo(many=True)


class MonthlyBill(_ResourceRow):
    """One bill line of B.30."""

    cycle = serializers.CharField()
    bill_date = serializers.CharField()
    resource_Type_code = serializers.CharField(  # noqa: N815 — the vendor writes it so
        source="resource_type_code"
    )
    res_instance_id = serializers.CharField(source="resource_id")
    charge_mode = serializers.IntegerField(source="charging_mode")
    consume_amount = amount()
    period_type = serializers.IntegerField()
    root_resource_id = serializers.CharField()
    parent_resource_id = serializers.CharField()
    id = serializers.CharField()
    pre_order_id = serializers.CharField(source="original_order_no")
    az_code_infos = AzCodeInfo(many=True)
    payer_account_id = serializers.CharField(source="customer_uid")
    be_id = serializers.CharField()
    extend_params = ResRelation()
    is_spot = serializers.CharField()
    promotion_type = serializers.CharField()
    payment_type = serializers.CharField()


class RecordDetailsRequest(AccountsRequest):
    """Rich filters over one month."""

    cycle = CycleField()
    cloud_service_type = text()
    resource_type = text()
    region = text()
    res_instance_id = text(512)
    charge_mode = serializers.ChoiceField([1, 3, 10, 11], required=False)
    bill_type = serializers.IntegerField(required=False)
    enterprise_project_id = text(64)
    include_zero_record = serializers.BooleanField(required=False)
    statistic_type = serializers.ChoiceField(
        [BY_CYCLE, BY_DAY, SINGLE], required=False, default=BY_CYCLE
    )
    query_type = serializers.ChoiceField(
        ["BILLCYCLE", "DAILY"], required=False, default="BILLCYCLE"
    )
    bill_cycle_begin = DayField(required=False)
    bill_cycle_end = DayField(required=False)
    payer_account_id = text(64)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if attrs["query_type"] == "DAILY":
            if attrs["statistic_type"] == BY_CYCLE:
                raise serializers.ValidationError(
                    {"query_type": "DAILY goes with statistic_type 2 or 3."}
                )
            _require_days(attrs, "bill_cycle_begin", "bill_cycle_end")
        return attrs


class RecordDetailsResponse(serializers.Serializer):
    """A page of bill lines."""

    monthly_records = MonthlyBill(many=True)
    total_count = serializers.IntegerField()
    currency = serializers.CharField()


class ListResourceRecordDetails(Operation):
    """Bill lines by resource, of a month, its days, or one by one."""

    name = "list_customerself_resource_record_details"
    method = "POST"
    path = "/v2/bills/customer-bills/res-records/query"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = RecordDetailsRequest
    response_serializer = RecordDetailsResponse
    error_codes = TOO_MANY_MEMBERS

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        daily = data["query_type"] == "DAILY"
        accounts = accounts_of(data)
        if payer := data.get("payer_account_id"):
            accounts = Accounts("sub_customer", payer)
        asked = Asked(
            data["cycle"],
            accounts,
            service=data.get("cloud_service_type"),
            resource_type=data.get("resource_type"),
            region=data.get("region"),
            resource_id=data.get("res_instance_id"),
            charge_mode=data.get("charge_mode"),
            bill_type=data.get("bill_type"),
            project=data.get("enterprise_project_id"),
            with_zero=data.get("include_zero_record"),
            begins=data["bill_cycle_begin"] if daily else None,
            ends=data["bill_cycle_end"] if daily else None,
        )
        rows = queries.resource_rows(self.actor, asked, data["statistic_type"])
        page, count = page_of(rows, data)
        records = [_monthly_bill(row, asked.cycle, data["statistic_type"]) for row in page]
        return {"monthly_records": records, "total_count": count, "currency": "USD"}


def _monthly_bill(row: dict[str, Any], cycle: str, statistic: int) -> dict[str, Any]:
    found = _common(row)
    relation = {"self_resource_id": row["resource_id"], "relation_infos": []}
    return {
        **found,
        "cycle": cycle,
        "bill_date": str(row["spent_on"]) if statistic == BY_DAY else None,
        "consume_amount": row["due"],
        "period_type": found["period_code"],
        "root_resource_id": row["resource_id"],
        "parent_resource_id": row["resource_id"],
        "id": None,
        "az_code_infos": [],
        "be_id": None,
        "extend_params": relation if row["resource_id"] else None,
        "is_spot": found.get("spot"),
        "promotion_type": found.get("promotion"),
        "payment_type": found.get("payment_type"),
    }


class ResFeeRecord(_ResourceRow):
    """One expenditure record of B.31."""

    bill_date = serializers.CharField()
    resource_type = serializers.CharField(source="resource_type_code")
    resource_id = serializers.CharField()
    product_id = serializers.CharField(source="product_code")
    product_name = serializers.CharField()
    spec_size = AmountField(decimal_places=2)
    spec_size_measure_id = serializers.IntegerField()
    id = serializers.CharField()
    trade_time = serializers.CharField()
    charge_mode = serializers.CharField(source="charging_mode")
    order_id = serializers.CharField()
    period_type = serializers.CharField()
    usage_type = serializers.CharField(source="usage_type_code")
    usage = quantity()
    usage_measure_id = serializers.IntegerField(source="usage_unit_id")
    free_resource_usage = quantity()
    free_resource_measure_id = serializers.IntegerField(source="usage_unit_id")
    ri_usage = quantity()
    ri_usage_measure_id = serializers.IntegerField(source="usage_unit_id")
    unit_price = quantity()
    unit = serializers.CharField()
    amount = amount()
    formula = serializers.CharField()
    relative_order_id = serializers.CharField()


class FeeRecordsRequest(AccountsRequest):
    """Filters over one month; an empty text finds what is empty."""

    keeps_blank = frozenset(
        {"cloud_service_type", "region", "resource_id", "enterprise_project_id", "trade_id"}
    )

    cycle = CycleField()
    cloud_service_type = text(allow_blank=True)
    region = text(allow_blank=True)
    charge_mode = serializers.ChoiceField(["1", "3", "10", "11"], required=False)
    bill_type = serializers.IntegerField(required=False)
    resource_id = text(512, allow_blank=True)
    enterprise_project_id = text(64, allow_blank=True)
    include_zero_record = serializers.BooleanField(required=False)
    trade_id = text(64, allow_blank=True)
    bill_date_begin = DayField(required=False)
    bill_date_end = DayField(required=False)
    statistic_type = serializers.ChoiceField(
        [BY_CYCLE, BY_DAY, SINGLE], required=False, default=SINGLE
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "bill_date_begin" in attrs or "bill_date_end" in attrs:
            _require_days(attrs, "bill_date_begin", "bill_date_end")
            for name in ("bill_date_begin", "bill_date_end"):
                if f"{attrs[name]:%Y-%m}" != attrs["cycle"]:
                    raise serializers.ValidationError({name: "The day is not in the cycle."})
        return attrs


class FeeRecordsResponse(serializers.Serializer):
    """A page of expenditure records."""

    fee_records = ResFeeRecord(many=True)
    total_count = serializers.IntegerField()
    currency = serializers.CharField()


class ListResourceRecords(Operation):
    """Expenditure records by resource."""

    name = "list_customerself_resource_records"
    method = "GET"
    path = "/v2/bills/customer-bills/res-fee-records"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = FeeRecordsRequest
    response_serializer = FeeRecordsResponse
    error_codes = TOO_MANY_MEMBERS

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        mode = data.get("charge_mode")
        asked = Asked(
            data["cycle"],
            accounts_of(data),
            service=data.get("cloud_service_type"),
            region=data.get("region"),
            resource_id=data.get("resource_id"),
            trade=data.get("trade_id"),
            charge_mode=int(mode) if mode else None,
            bill_type=data.get("bill_type"),
            project=data.get("enterprise_project_id"),
            with_zero=data.get("include_zero_record"),
            begins=data.get("bill_date_begin"),
            ends=data.get("bill_date_end"),
        )
        rows = queries.resource_rows(self.actor, asked, data["statistic_type"])
        page, count = page_of(rows, data)
        records = [_fee_record(row) for row in page]
        return {"fee_records": records, "total_count": count, "currency": "USD"}


def _fee_record(row: dict[str, Any]) -> dict[str, Any]:
    found, is_single = _common(row), "pk" in row
    period = found["period_code"]
    is_metered = row["usage_unit_id"] is not None
    return {
        **found,
        "bill_date": str(row["spent_on"]) if "spent_on" in row else None,
        "spec_size": row["size"],
        "spec_size_measure_id": row["size_unit_id"],
        "id": str(row["pk"]) if is_single else _group_id(row),
        "trade_time": _utc(row["charged_at"]) if is_single else None,
        "order_id": row["order_no"] or None,
        "period_type": None if period is None else str(period),
        "free_resource_usage": row["package_usage"],
        "ri_usage": row["reserved_usage"],
        "unit_price": row["unit_price"] if is_single else None,
        "unit": f"USD/{row['pricing_unit_name']}" if is_metered else None,
        "amount": row["due"],
        "formula": found.get("formula"),
        "relative_order_id": None,
    }


def _group_id(row: dict[str, Any]) -> str:
    """The same for the same row whenever it is asked for."""
    parts = (row.get("spent_on", ""), row["product_id"], row["resource_id"], row["order_no"])
    return re.sub(r"[^\w.-]", "_", "-".join(str(part) for part in (*parts, row["bill_code"])))


def _require_days(attrs: dict[str, Any], begin: str, end: str) -> None:
    """Both days, in order."""
    for name in (begin, end):
        if not isinstance(attrs.get(name), date):
            raise serializers.ValidationError({name: "Both days are required."})
    if attrs[end] < attrs[begin]:
        raise serializers.ValidationError({end: "The end comes before the beginning."})
