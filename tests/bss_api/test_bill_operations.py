"""A customer's bills, costs and packages through the API (B.29 to B.32, B.36 to B.38)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkbssintl import v2 as sdk_models
from huaweicloudsdkbssintl.v2 import BssintlClient

from accounts.models import Account, EnterpriseMember
from customers.models import Association
from metering.models import Charge
from metering.queries import api as queries
from metering.rules import costs
from partner_center.clock import BillingCycle
from tests.cast import Cast
from tests.goods import Goods, stock
from tests.metering.ledger import Line, at, post
from tests.metering.packages import package

from .conftest import Key, call

RECORDS = "/v2/bills/customer-bills/res-fee-records"
DETAILS = "/v2/bills/customer-bills/res-records/query"
SUM = "/v2/bills/customer-bills/monthly-sum"
COSTS = "/v4/costs/cost-analysed-bills/query"
LONG_AGO = at("2024-01-01")


@pytest.fixture
def goods(cast: Cast) -> Goods:
    """What can be bought; everybody has been associated since 2024."""
    Association.objects.update(associated_at=LONG_AGO)
    return stock()


@pytest.fixture
def spent(cast: Cast, goods: Goods) -> list[Charge]:
    """Usage, an order with its refund, something for nothing; Delta's is not Harborline's."""
    metered = {
        "usage": Decimal(9000),
        "pricing_total": Decimal("2.5"),
        "unit_price": Decimal("0.1"),
    }
    order = {
        "order_no": "CS2611040001",
        "order_type": "new",
        "period": "month",
        "period_count": 3,
        "quantity": 1,
        "unit_price": Decimal(50),
        "started_at": at("2026-11-01", 0),
        "ended_at": at("2027-01-30", 0),
    }
    back = order | {"order_no": "CS2611050001", "order_type": "unsubscription"}
    host = goods.host_by_use
    return post(
        [
            Line(cast.harborline, host, "0.25", at("2026-11-03"), goods.region, columns=metered),
            Line(cast.harborline, host, "0.1234567891", at("2026-11-04"), goods.region),
            Line(
                cast.harborline,
                goods.host_by_term,
                "150",
                at("2026-11-04"),
                goods.region,
                "vm-2",
                columns=order,
            ),
            Line(
                cast.harborline,
                goods.host_by_term,
                "-100",
                at("2026-11-05"),
                goods.region,
                "vm-2",
                bill_type="refund",
                columns=back,
            ),
            Line(cast.harborline, goods.traffic, "0", at("2026-11-06"), None, ""),
            Line(cast.delta, host, "777", at("2026-11-06"), goods.region),
        ]
    )


@pytest.fixture
def hana(cast: Cast, key_of: Callable[..., Key]) -> Key:
    """The customer's key."""
    return key_of(cast.hana)


def _records(key: Key, **query: object) -> dict[str, Any]:
    sent = [(name, value) for name, value in ({"cycle": "2026-11"} | query).items()]
    answer = call(key, "GET", RECORDS, query=sent)
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.requirement(
    "api-B.29", "api-B.30", "api-B.31", "api-B.32", "api-B.36", "api-B.37", "api-B.38"
)
@pytest.mark.django_db(transaction=True)
def test_the_sdk_reads_all_seven(
    cast: Cast,
    goods: Goods,
    spent: list[Charge],
    hana: Key,
    sdk: Callable[..., BssintlClient],
) -> None:
    quota = package(cast.harborline, goods)
    client = sdk(hana)
    total = client.show_customer_monthly_sum(
        sdk_models.ShowCustomerMonthlySumRequest(bill_cycle="2026-11")
    )
    assert total.consume_amount == Decimal("50.37345679")
    assert isinstance(total.bill_sums[0].consume_amount, Decimal)
    lines = client.list_customerself_resource_record_details(
        sdk_models.ListCustomerselfResourceRecordDetailsRequest(
            body=sdk_models.QueryResRecordsDetailReq(cycle="2026-11", statistic_type=3)
        )
    )
    assert lines.total_count == 6 and lines.monthly_records[0].resource_type_code
    records = client.list_customerself_resource_records(
        sdk_models.ListCustomerselfResourceRecordsRequest(cycle="2026-11", limit=1000)
    )
    formulas = {record.formula for record in records.fee_records}
    assert {"2.5 Hour × 0.10 = 0.25", "50.00 × 3 Month × 1 = 150.00"} <= formulas
    found = client.list_free_resource_infos(
        sdk_models.ListFreeResourceInfosRequest(body=sdk_models.ListFreeResourceInfosReq())
    )
    item = found.free_resource_packages[0].free_resources[0]
    assert (item.amount, item.original_amount, item.measure_id) == ("70", "100", 10)
    left = client.list_free_resource_usages(
        sdk_models.ListFreeResourceUsagesRequest(
            body=sdk_models.ListFreeResourceUsagesReq(free_resource_ids=[item.free_resource_id])
        )
    )
    assert left.free_resources[0].amount == Decimal(70)
    taken = client.list_free_resources_usage_records(
        sdk_models.ListFreeResourcesUsageRecordsRequest(
            deduct_time_begin="2026-11-01", deduct_time_end="2026-11-30"
        )
    )
    assert taken.free_resource_records[0].used_amount == "30"
    assert taken.free_resource_records[0].free_resource_id == str(quota.resource_id)
    by_service = client.list_costs(
        sdk_models.ListCostsRequest(
            body=sdk_models.ListCostsReq(
                time_condition=sdk_models.TimeCondition(2, "2026-11", "2026-12"),
                groupby=[sdk_models.GroupBy("dimension", "CLOUD_SERVICE_TYPE")],
                cost_type="ORIGINAL_COST",
                amount_type="PAYMENT_AMOUNT",
            )
        )
    )
    assert by_service.cost_data[0].amount_by_costs == "50.37345679"


@pytest.mark.requirement("api-B.31", "api-A.6")
@pytest.mark.django_db
def test_filters_of_expenditure_records(spent: list[Charge], hana: Key) -> None:
    expected = {
        (): 5,
        (("cycle", "2026-10"),): 0,
        (("cloud_service_type", "hws.service.type.vpc"),): 1,
        (("cloud_service_type", ""),): 0,  # an empty text is a filter here
        (("region", ""),): 1,
        (("region", "ap-southeast-3"),): 4,
        (("resource_id", ""),): 1,
        (("resource_id", "vm-2"),): 2,
        (("trade_id", "CS2611040001"),): 1,
        (("trade_id", str(spent[0].pk)),): 1,
        (("trade_id", ""),): 0,
        (("enterprise_project_id", "0"),): 5,
        (("enterprise_project_id", ""),): 0,
        (("charge_mode", "1"),): 2,
        (("charge_mode", "3"),): 3,
        (("bill_type", 1),): 1,
        (("bill_type", 4),): 1,
        (("bill_type", 12),): 3,
        (("include_zero_record", "false"),): 4,
        (("include_zero_record", "true"),): 5,
        (("bill_date_begin", "2026-11-03"), ("bill_date_end", "2026-11-04")): 3,
        (("statistic_type", 1),): 4,
        (("statistic_type", 2),): 5,
        (("method", "oneself"), ("offset", 4)): 5,
    }
    found = {query: _records(hana, **dict(query))["total_count"] for query in expected}
    assert found == expected


@pytest.mark.requirement("api-B.30", "api-B.31")
@pytest.mark.django_db
def test_rows_of_each_statistic(spent: list[Charge], hana: Key) -> None:
    single = next(r for r in _records(hana)["fee_records"] if r["id"] == str(spent[0].pk))
    assert single["official_amount"] == Decimal("0.25") and single["charge_mode"] == "3"
    assert (single["effective_time"], single["expire_time"]) == (
        "2026-11-03T03:00:00Z",
        "2026-11-03T03:59:59Z",
    )
    assert single["credit_amount"] == Decimal("0.25") and single["cash_amount"] == 0
    body = {"cycle": "2026-11", "statistic_type": 2, "query_type": "DAILY"}
    days = {"bill_cycle_begin": "2026-11-04", "bill_cycle_end": "2026-11-05"}
    answer = call(hana, path=DETAILS, body=body | days)
    rows = answer.body["monthly_records"]
    assert [(r["bill_date"], r["bill_type"], r["charge_mode"]) for r in rows] == [
        ("2026-11-05", 4, 1),
        ("2026-11-04", 1, 1),
        ("2026-11-04", 5, 3),
    ]
    assert rows[1]["resource_Type_code"] == "hws.resource.type.vm" and rows[1]["period_type"] == 20
    month = call(hana, path=DETAILS, body={"cycle": "2026-11"}).body["monthly_records"]
    usage = next(r for r in month if r["resource_Type_code"].endswith("vm") and r["bill_type"] == 5)
    assert str(usage["consume_amount"]) == "0.37345679" and usage["bill_date"] is None


@pytest.mark.requirement("api-B.29", "api-B.30", "api-B.31", "api-B.32", "api-A.8")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "sent", "words"),
    [
        ("GET", RECORDS, {}, "cycle"),
        ("GET", RECORDS, {"cycle": "2026-13"}, "YYYY-MM"),
        ("GET", RECORDS, {"cycle": "2018-12"}, "2019-01"),
        ("GET", RECORDS, {"cycle": "2026-11", "bill_date_begin": "2026-11-01"}, "Both days"),
        (
            "GET",
            RECORDS,
            {"cycle": "2026-11", "bill_date_begin": "2026-10-01", "bill_date_end": "2026-11-01"},
            "not in the cycle",
        ),
        ("GET", RECORDS, {"cycle": "2026-11", "limit": "1001"}, "1000"),
        ("GET", RECORDS, {"cycle": "2026-11", "method": "sub_customer"}, "sub_customer_id"),
        ("GET", SUM, {"bill_cycle": "2020-01"}, "three years"),
        ("GET", SUM, {"bill_cycle": "2026-11", "enterprise_project_id": ""}, "blank"),
        ("POST", DETAILS, {"cycle": "2026-11", "query_type": "DAILY"}, "statistic_type 2 or 3"),
        (
            "POST",
            DETAILS,
            {"cycle": "2026-11", "query_type": "DAILY", "statistic_type": 2},
            "Both days",
        ),
        ("POST", COSTS, {}, "required"),
    ],
)
def test_bad_requests_are_400(
    hana: Key, method: str, path: str, sent: dict[str, Any], words: str
) -> None:
    how = {"query": list(sent.items())} if method == "GET" else {"body": sent}
    answer = call(hana, method, path, **how)
    assert (answer.status, answer.code) == (400, "CBC.0100") and words in answer.message


@pytest.mark.django_db
@pytest.mark.requirement("08-BUY-10")
def test_a_revoking_partner_takes_the_operations_too(
    cast: Cast, spent: list[Charge], hana: Key
) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(revokes_customer_bills=True)
    answer = call(hana, "GET", RECORDS, query=[("cycle", "2026-11")])
    assert (answer.status, answer.code) == (403, "CBC.0151")


@pytest.mark.requirement("api-B.31")
@pytest.mark.django_db
def test_a_master_reads_its_members(
    cast: Cast, spent: list[Charge], hana: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    EnterpriseMember.objects.create(account=cast.harborline, member=cast.delta, joined_at=LONG_AGO)
    named = {"method": "sub_customer", "sub_customer_id": cast.delta.public_id}
    assert _records(hana)["total_count"] == 6
    assert _records(hana, **named)["total_count"] == 1
    assert _records(hana, method="oneself")["total_count"] == 5
    named["sub_customer_id"] = cast.quarry.public_id
    query = [("cycle", "2026-11"), *named.items()]
    assert call(hana, "GET", RECORDS, query=query).status == 400
    monkeypatch.setattr(queries, "MOST_MEMBERS", 0)
    answer = call(hana, "GET", RECORDS, query=[("cycle", "2026-11")])
    assert (answer.status, answer.code) == (400, "CBC.18000048")


def _costs(key: Key, *keys: str, **changes: Any) -> dict[str, Any]:
    body = {
        "time_condition": {"time_measure_id": 2, "begin_time": "2026-11", "end_time": "2027-01"},
        "groupby": [{"type": "dimension", "key": each} for each in keys],
        "cost_type": "ORIGINAL_COST",
        "amount_type": "NET_AMOUNT",
    }
    answer = call(key, path=COSTS, body=body | changes)
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.requirement("api-B.32")
@pytest.mark.django_db
def test_costs_by_dimensions_and_filters(spent: list[Charge], hana: Key) -> None:
    both = _costs(hana, "CHARGING_MODE", "BILL_TYPE")
    rows = {
        tuple(d["value"] for d in row["dimensions"]): row["amount_by_costs"]
        for row in both["cost_data"]
    }
    assert rows == {
        ("1", "1"): "150.00000000",
        ("3", "5"): "0.37345679",
        ("1", "4"): "-100.00000000",
    }
    only = [{"operator": 0, "filter_factor": {"key": "RESOURCE_ID", "value": ["vm-2"]}}]
    assert _costs(hana, "RESOURCE_ID", filters=only)["total_count"] == 1
    others = [{"operator": 1, "filter_factor": {"key": "RESOURCE_ID", "value": ["vm-2"]}}]
    assert _costs(hana, "RESOURCE_ID", filters=others)["cost_data"][0]["amount_by_costs"] == (
        "0.37345679"
    )
    days = {"time_measure_id": 1, "begin_time": "2026-11-03", "end_time": "2026-11-04"}
    cost = _costs(hana, "REGION_CODE", time_condition=days)["cost_data"][0]["costs"]
    assert [each["amount"] for each in cost] == ["0.25000000", "150.12345679"]
    tagged = [{"type": "tag", "key": "team"}, {"type": "cost_unit", "key": "unit"}]
    values = _costs(hana, groupby=tagged)["cost_data"][0]["dimensions"]
    assert [each["value"] for each in values] == ["", ""]


@pytest.mark.requirement("api-B.32")
@pytest.mark.django_db
def test_amortised_costs_spread_a_term_over_its_days(spent: list[Charge], hana: Key) -> None:
    """150 − 100 for 90 days from November 1: 30 in November, 31 in December, 29 in January."""
    only = [{"operator": 0, "filter_factor": {"key": "RESOURCE_ID", "value": ["vm-2"]}}]
    row = _costs(hana, "RESOURCE_ID", filters=only, cost_type="AMORTIZED_COST")["cost_data"][0]
    assert [each["amount"] for each in row["costs"]] == [
        "16.66666667",
        "17.22222222",
        "16.11111111",
    ]
    assert row["amount_by_costs"] == "50.00000000"


def test_the_parts_of_a_term_add_up() -> None:
    term = (at("2026-11-17", 5), at("2027-11-17", 5))
    buckets = costs.months(BillingCycle(2026, 11), BillingCycle(2027, 11))
    amount = Decimal("100.00000000000000000001")
    assert sum(costs.share(amount, term, bucket) for bucket in buckets) == amount
