"""Queries of orders and resources with the official SDK (B.15 to B.18, B.21, B.22)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import (
    ListCustomerOnDemandResourcesRequest,
    ListCustomerOrdersRequest,
    ListOrderDiscountsRequest,
    ListPayPerUseCustomerResourcesRequest,
    QueryCustomerOnDemandResourcesReq,
    QueryResourcesReq,
    ShowCustomerOrderDetailsRequest,
    ShowRefundOrderDetailsRequest,
)
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from customers.models import Association, PartnerDiscount
from orders.choices import DiscountKind, OrderSource, OrderStatus, OrderType
from orders.models import CustomerOrder
from orders.queries import adjusting as reads
from orders.services import adjusting
from partner_center import clock
from resources.models import CloudResource

from ..cast import Cast
from ..customers.authorizing import customer_of
from ..goods import Goods, stock
from ..orders import partner

pytestmark = pytest.mark.django_db(transaction=True)
ORDERED = datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def goods() -> Goods:
    return stock()


def _error(ask: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(ClientRequestException) as caught:
        ask()
    return caught.value.status_code, caught.value.error_code


def _orders(client: Any, **criteria: Any) -> list[str]:
    answer = client.list_customer_orders(ListCustomerOrdersRequest(**criteria))
    assert answer.total_count >= len(answer.order_infos)
    return [row.order_id for row in answer.order_infos]


@pytest.mark.requirement("api-B.15", "api-A.5", "api-A.6")
def test_list_customer_orders(cast: Cast, goods: Goods, key_of: Any, sdk: Any) -> None:
    harborline = Association.objects.get(customer=cast.harborline)
    old = partner.order(
        harborline,
        (goods.host_by_term, "154.00"),
        status=OrderStatus.COMPLETED,
        source=OrderSource.ON_BEHALF,
        ordered_at=ORDERED,
        discount_kind=DiscountKind.PARTNER,
        discount_amount=Decimal("15.40"),
        amount=Decimal("138.60"),
    )
    new = partner.order(
        Association.objects.get(customer=cast.delta),
        (goods.disk_by_term, "5.00"),
        order_type=OrderType.RENEWAL,
    )
    refund = partner.order(
        harborline,
        (goods.host_by_term, "-30.00"),
        status=OrderStatus.COMPLETED,
        order_type=OrderType.UNSUBSCRIPTION,
        original=old,
    )
    old.items.update(discount_amount=Decimal("15.40"), amount=Decimal("138.60"))
    refund.items.update(gives_back=old.items.get())
    client = sdk(key_of(cast.mara))
    assert _orders(client) == [refund.order_no, new.order_no, old.order_no], "the newest first"
    assert _orders(client, order_by="createTime")[0] == old.order_no
    assert _orders(client, limit=1, offset=1) == [new.order_no]
    row = client.list_customer_orders(
        ListCustomerOrdersRequest(order_id=old.order_no.lower())
    ).order_infos[0]
    assert (row.customer_id, row.service_type_code) == (
        cast.harborline.public_id,
        "hws.service.type.ec2",
    )
    assert (row.source_type, row.status, row.order_type, row.measure_id) == (2, 5, 1, 1)
    assert [(each.id, each.name) for each in row.enterprise_projects] == [("0", "default")]
    assert (row.official_amount, row.amount_after_discount) == (154.0, 138.6)
    assert (row.create_time, row.payment_time) == ("2026-03-01T04:05:06Z",) * 2
    [discount] = row.amount_info.discounts
    assert (discount.discount_type, discount.discount_amount) == ("607", 15.4)
    back = client.list_customer_orders(ListCustomerOrdersRequest(order_type="4")).order_infos[0]
    assert (back.official_amount, back.amount_after_discount) == (-30.0, -30.0)
    assert back.amount_info.consumed_amount == 108.6
    for criteria, expected in (
        ({"customer_id": cast.delta.public_id}, [new.order_no]),
        ({"customer_id": cast.quarry.public_id}, []),
        ({"status": 6}, [new.order_no]),
        ({"status": 1}, []),
        ({"order_type": "2"}, [new.order_no]),
        ({"service_type_code": "hws.service.type.ebs"}, [new.order_no]),
        ({"create_time_end": "2026-03-01T04:05:06Z"}, [old.order_no]),
        ({"payment_time_end": "2026-03-01T04:05:06Z"}, [old.order_no]),
        ({"customer_id": cast.delta.public_id, "method": "sub_customer"}, []),
        ({"indirect_partner_id": cast.lagoon.public_id, "status": 6}, [new.order_no]),
    ):
        assert _orders(client, **criteria) == expected, criteria
    for wrong in (
        {"status": 2},
        {"limit": 101},
        {"order_by": "name"},
        {"create_time_begin": "2025-01-01T00:00:00Z", "create_time_end": "2026-03-01T00:00:00Z"},
    ):
        ask = ListCustomerOrdersRequest(**wrong)
        assert _error(lambda ask=ask: client.list_customer_orders(ask)) == (400, "CBC.0100"), wrong
    assert _orders(sdk(key_of(cast.hana))) == [refund.order_no, old.order_no], "a customer its own"
    assert _orders(sdk(key_of(cast.nora))) == []


@pytest.mark.requirement("api-B.15", "api-B.21", "06-DX-04")
def test_a_distributor_names_the_reseller(cast: Cast, goods: Goods, key_of: Any, sdk: Any) -> None:
    user, association = customer_of(cast, cast.lagoon)
    order = partner.order(association, (goods.host_by_term, "50"), distributor_id=cast.meridian.pk)
    partner.resource(user.account_id, goods.host_by_use, "web")
    client, lagoon = sdk(key_of(cast.dina)), cast.lagoon.public_id
    assert _orders(client) == []
    assert _orders(client, indirect_partner_id=lagoon) == [order.order_no]
    ask = ListCustomerOrdersRequest(indirect_partner_id=cast.tidemark.public_id)
    assert _error(lambda: client.list_customer_orders(ask)) == (400, "CBC.99000037")
    details = ShowCustomerOrderDetailsRequest(order_id=order.order_no)
    assert _error(lambda: client.show_customer_order_details(details)) == (400, "CBC.30000010")
    details.indirect_partner_id = lagoon
    assert client.show_customer_order_details(details).order_info.order_id == order.order_no
    body = QueryCustomerOnDemandResourcesReq(customer_id=user.account.public_id)
    usage = ListCustomerOnDemandResourcesRequest(body=body)
    assert _error(lambda: client.list_customer_on_demand_resources(usage)) == (
        400,
        "CBC.99000035",
    )
    body.indirect_partner_id = lagoon
    assert client.list_customer_on_demand_resources(usage).total_count == 1
    body.indirect_partner_id = "none"
    assert _error(lambda: client.list_customer_on_demand_resources(usage)) == (
        400,
        "CBC.99000037",
    )


@pytest.mark.requirement("api-B.16")
def test_show_customer_order_details(cast: Cast, goods: Goods, key_of: Any, sdk: Any) -> None:
    harborline = Association.objects.get(customer=cast.harborline)
    order = partner.order(harborline, (goods.host_by_term, "50.00"), (goods.disk_by_term, "5.00"))
    client = sdk(key_of(cast.mara))

    def show(order_no: str, **query: Any) -> Any:
        request = ShowCustomerOrderDetailsRequest(order_id=order_no, **query)
        return client.show_customer_order_details(request)

    answer = show(order.order_no.lower())
    assert answer.total_count == 2
    assert (answer.order_info.user_name, answer.order_info.status) == ("harborline", 6)
    assert answer.order_info.pending_payment_end_time.endswith("Z")
    line = answer.order_line_items[0]
    assert line.order_line_item_id == f"{order.order_no}-000001"
    assert (line.product_id, line.period_type, line.period_num) == ("host-term", 3, 1)
    assert (line.official_amount, line.subscription_num) == (50.0, 1)
    assert line.base_product_info.commercial_resource == "hws.resource.type.vm"
    assert [row.product_id for row in show(order.order_no, offset=1).order_line_items] == [
        "disk-term"
    ]
    client = sdk(key_of(cast.nora))
    assert _error(lambda: show(order.order_no)) == (400, "CBC.30000010")


@pytest.mark.requirement("api-B.17")
def test_show_refund_order_details(cast: Cast, goods: Goods, key_of: Any, sdk: Any) -> None:
    harborline = Association.objects.get(customer=cast.harborline)
    bought = partner.order(
        harborline, (goods.host_by_term, "50.00"), status=OrderStatus.UNSUBSCRIBED
    )
    back = partner.order(
        harborline,
        (goods.host_by_term, "-30.00"),
        status=OrderStatus.COMPLETED,
        order_type=OrderType.UNSUBSCRIPTION,
        original=bought,
    )
    paid = bought.items.get()
    back.items.update(gives_back=paid)
    client, customer = sdk(key_of(cast.mara)), cast.harborline.public_id

    def show(**query: Any) -> Any:
        return client.show_refund_order_details(ShowRefundOrderDetailsRequest(**query))

    answer = show(order_id=back.order_no, customer_id=customer)
    row, used = answer.refund_infos
    assert (used.amount, used.base_order_id) == (Decimal("20.00"), bought.order_no)
    assert (row.amount, row.measure_id, row.base_order_id) == (
        Decimal("-30.00"),
        "1",
        bought.order_no,
    )
    assert (row.customer_id, row.resource_type_code) == (customer, "hws.resource.type.vm")
    assert _error(lambda: show(order_id=back.order_no)) == (400, "CBC.0100")
    for wrong in (bought.order_no, "CS0"):
        assert _error(lambda no=wrong: show(order_id=no, customer_id=customer)) == (
            400,
            "CBC.99005026",
        )
    other = cast.delta.public_id
    assert _error(lambda: show(order_id=back.order_no, customer_id=other))[1] == "CBC.99005026"
    client = sdk(key_of(cast.hana))
    assert show(order_id=back.order_no).total_count == len(answer.refund_infos)


@pytest.mark.requirement("api-B.18", "08-CSN-08", "08-CSN-09")
def test_list_order_discounts(cast: Cast, goods: Goods, key_of: Any, sdk: Any) -> None:
    association = partner.refer(cast)
    goods.disk_by_term.takes_partner_discount = False
    goods.disk_by_term.save(update_fields=["takes_partner_discount"])
    order = partner.order(
        association,
        (goods.host_by_term, "154.05"),
        (goods.host_by_term, "154.05"),
        (goods.disk_by_term, "5.00"),
    )
    client = sdk(key_of(cast.hana))

    def show(order_no: str = order.order_no) -> Any:
        request = ListOrderDiscountsRequest(order_id=order_no)
        return client.list_order_discounts(request).discounts

    assert show() == []
    today = clock.business_date(clock.now())
    discount = PartnerDiscount.objects.create(
        account=cast.tidemark,
        association=association,
        percent=10,
        starts_on=today,
        ends_on=today,
        set_by=cast.mara,
        set_at=clock.now(),
    )
    [row] = show()
    assert (row.discount_id, row.discount_type, row.discount_value) == (str(discount.pk), 3, "0.90")
    [line] = row.orders[0].order_line_items
    assert line.order_line_item_ids == [f"{order.order_no}-00000{n}" for n in (1, 2)]
    # 154.05 × 0.90 = 138.645, so paying asks 138.65 and takes 15.40 off each line
    assert (line.discount_mode, line.discount_amount) == (0, Decimal("30.80"))
    adjusting.adjust_order(
        cast.actor(cast.mara),
        order.pk,
        discount=Decimal("8.00"),
        seen=reads.seen_of(CustomerOrder.objects.get(pk=order.pk)),
    )
    [row] = show()
    assert (row.discount_type, row.discount_value) == (609, "8.00")
    assert row.orders[0].order_line_items[0].discount_mode == 2
    assert _error(lambda: show("CS0")) == (400, "CBC.30000010")
    CustomerOrder.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELED)
    assert _error(show) == (400, "CBC.30000010")
    client = sdk(key_of(cast.mara))
    assert _error(show) == (403, "CBC.0151")


@pytest.mark.requirement("api-B.21")
def test_list_customer_on_demand_resources(cast: Cast, goods: Goods, key_of: Any, sdk: Any) -> None:
    web = partner.resource(
        cast.harborline.pk, goods.host_by_use, "web", region=goods.region, zone="AZ1"
    )
    partner.resource(cast.harborline.pk, goods.disk_by_use, "disk", size=40)
    partner.resource(cast.harborline.pk, goods.host_by_term, "term")
    gone = partner.resource(cast.harborline.pk, goods.host_by_use, "gone")
    CloudResource.objects.filter(pk=gone.pk).update(
        status="released", released_at=clock.now(), release_cause="deleted"
    )
    frozen = partner.resource(
        cast.harborline.pk, goods.host_by_use, "frozen", frozen_at=clock.now()
    )
    client = sdk(key_of(cast.mara))

    def names(**body: Any) -> set[str]:
        request = QueryCustomerOnDemandResourcesReq(
            **{"customer_id": cast.harborline.public_id} | body
        )
        answer = client.list_customer_on_demand_resources(
            ListCustomerOnDemandResourcesRequest(body=request)
        )
        return {row.resource_name for row in answer.resources}

    assert names() == {"web", "disk", "gone", "frozen"}
    assert names(region_code="ap-southeast-3") == {"web"}
    assert names(service_type_code="hws.service.type.ebs") == {"disk"}
    assert names(resource_ids=[web.resource_id, frozen.resource_id]) == {"web", "frozen"}
    assert (names(status=6), names(status=3), names(status=4)) == ({"gone"}, {"frozen"}, set())
    assert names(status=1, effective_time_end="2020-01-01T00:00:00Z") == set()
    request = QueryCustomerOnDemandResourcesReq(
        customer_id=cast.harborline.public_id, service_type_code="hws.service.type.ebs"
    )
    row = client.list_customer_on_demand_resources(
        ListCustomerOnDemandResourcesRequest(body=request)
    ).resources[0]
    assert (row.status, row.resource_spec_code, row.resource_info) == (
        1,
        "SSD",
        '{"specSize":40.0}',
    )
    foreign = {"customer_id": cast.quarry.public_id}
    assert _error(lambda: names(**foreign)) == (400, "CBC.99000035")
    assert _error(lambda: names(resource_ids=["x"] * 51)) == (400, "CBC.0100")
    for user in (cast.hana, cast.leo):
        client = sdk(key_of(user))
        assert _error(names) == (403, "CBC.0151")


@pytest.mark.requirement("api-B.22", "api-A.10")
def test_list_pay_per_use_customer_resources(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    host = partner.resource(cast.harborline.pk, goods.host_by_term, "host", order_no="CS77")
    partner.resource(
        cast.harborline.pk, goods.disk_by_term, "disk", parent=host, size=40, status="expired"
    )
    partner.resource(cast.harborline.pk, goods.host_by_use, "usage")
    client = sdk(key_of(cast.mara))

    def names(**body: Any) -> set[str]:
        body = {"customer_id": cast.harborline.public_id} | body
        request = ListPayPerUseCustomerResourcesRequest(body=QueryResourcesReq(**body))
        return {
            row.resource_name for row in client.list_pay_per_use_customer_resources(request).data
        }

    soon = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert names() == {"host", "disk"}
    assert names(only_main_resource=1) == {"host"}
    assert names(order_id="cs77") == {"host"}
    assert (names(status_list=[5]), names(status_list=[2, 5])) == ({"disk"}, {"host", "disk"})
    assert (names(expire_time_end=soon), names(expire_time_begin=soon)) == (set(), {"host", "disk"})
    assert names(customer_id=None) == set()
    assert _error(lambda: names(service_type_code="")) == (400, "CBC.0100")
    assert _error(lambda: names(customer_id=cast.quarry.public_id)) == (400, "CBC.99000000")
    request = ListPayPerUseCustomerResourcesRequest(
        body=QueryResourcesReq(customer_id=cast.harborline.public_id, status_list=[5])
    )
    row = client.list_pay_per_use_customer_resources(request).data[0]
    assert (row.parent_resource_id, row.is_main_resource, row.expire_policy) == (
        host.resource_id,
        0,
        0,
    )
    assert (row.spec_size, row.spec_size_measure_id, row.status) == (Decimal("40.00"), 17, 5)
    client = sdk(key_of(cast.hana))
    assert names(customer_id=cast.quarry.public_id) == {"host", "disk"}, "of a customer ignored"
