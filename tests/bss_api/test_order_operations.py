"""Paying, renewing, unsubscribing and what follows a term, through the API (B.19 to B.28)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import huaweicloudsdkbssintl.v2
import pytest
from huaweicloudsdkbssintl.v2 import (
    AutoRenewalResourcesRequest,
    CancelAutoRenewalResourcesRequest,
    CancelCustomerOrderRequest,
    CancelResourcesSubscriptionRequest,
    PayOrdersRequest,
    RenewalResourcesRequest,
    SetResourcesRenewConfigRequest,
    UpdatePeriodToOnDemandRequest,
)

from accounts.models import User
from bss_api.models import SeenSignature
from budgets.choices import HoldOwner, Strength
from budgets.services import holds
from orders.models import CustomerOrder
from partner_center import clock
from resources.models import CloudResource, RenewalSettings
from tests import goods
from tests.cast import Cast
from tests.orders.steps import Shop

from .conftest import Key
from .test_sdk import Sdk, refusal

PAY = {"use_coupon": "NO", "use_discount": "NO"}


@dataclass
class Caller:
    """Harborline, which buys, and its client of the official SDK."""

    shop: Shop
    client: Any

    def ask(self, request: Any, method: str, **fields: Any) -> Any:
        if fields:
            kind = type(request).openapi_types["body"]
            request.body = getattr(huaweicloudsdkbssintl.v2, kind)(**fields)
        # Two equal calls within one second have one signature, and the second would be refused.
        SeenSignature.objects.all().delete()
        return getattr(self.client, method)(request)

    def pay(self, order: CustomerOrder, **fields: Any) -> Any:
        return self.ask(PayOrdersRequest(), "pay_orders", order_id=order.order_no, **PAY | fields)

    def renew(self, *resources: CloudResource, **fields: Any) -> Any:
        terms = {"period_type": 2, "period_num": 1} | fields
        names = [row.resource_id for row in resources]
        return self.ask(RenewalResourcesRequest(), "renewal_resources", resource_ids=names, **terms)

    def unsubscribe(self, resource: CloudResource, kind: int = 1) -> Any:
        return self.ask(
            CancelResourcesSubscriptionRequest(),
            "cancel_resources_subscription",
            resource_ids=[resource.resource_id],
            unsubscribe_type=kind,
        )


@pytest.fixture
def caller(
    cast: Cast, key_of: Callable[[User], Key], sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> Caller:
    goods.grant_budget(cast.harborline)
    return Caller(Shop(cast, goods.stock(), monkeypatch), sdk(key_of(cast.hana)))


def code(call: Callable[[], Any]) -> tuple[int, str]:
    error = refusal(call)
    return error.status_code, error.error_code


@pytest.mark.requirement("api-B.19", "api-B.20")
def test_orders_are_paid_and_canceled(caller: Caller) -> None:
    shop = caller.shop
    first, second = shop.order(shop.goods.host_by_term), shop.order(shop.goods.host_by_term)
    answer = caller.pay(first)
    assert (answer.status_code, answer.raw_content) == (204, b"")
    assert code(lambda: caller.pay(first)) == (400, "CBC.99003106")
    with_coupon = {"use_coupon": "YES", "coupon_infos": [{"id": "c", "type": 301}]}
    assert code(lambda: caller.pay(second, **with_coupon)) == (400, "CBC.99003112")
    assert code(lambda: caller.pay(second, use_discount="YES")) == (400, "CBC.0100")
    discount = {"use_discount": "YES", "discount_infos": [{"id": "1", "type": 3}]}
    assert code(lambda: caller.pay(second, **discount)) == (400, "CBC.99003108")

    def cancel() -> Any:
        request = CancelCustomerOrderRequest()
        return caller.ask(request, "cancel_customer_order", order_id=second.order_no)

    assert cancel().status_code == 204
    assert code(cancel) == (400, "CBC.99005010")
    second.order_no = "CS0"
    assert code(lambda: caller.pay(second)) == (400, "CBC.30000010")


@pytest.mark.requirement("api-B.19", "08-CSN-03")
def test_a_partner_discount_is_named_by_its_id(caller: Caller) -> None:
    shop = caller.shop
    shop.refer(percent=10)
    order = shop.order(shop.goods.host_by_term)
    known = str(shop.association.discounts.get().pk)
    caller.pay(order, use_discount="YES", discount_infos=[{"id": known, "type": 3}])
    order.refresh_from_db()
    assert (order.status, order.amount, order.discount_kind) == ("completed", 45, "partner")


@pytest.mark.requirement("api-B.23", "api-B.24")
def test_resources_are_renewed_and_unsubscribed(caller: Caller) -> None:
    shop = caller.shop
    host, by_use = shop.buy(shop.goods.host_by_term), shop.use(shop.goods.host_by_use)
    assert code(lambda: caller.unsubscribe(host, 2)) == (400, "CBC.99003128")
    answer = caller.renew(host, by_use)
    assert [row.error_code for row in answer.fail_resource_infos] == ["CBC.3006"]
    order = CustomerOrder.objects.get(order_no=answer.order_ids[0])
    assert (order.status, order.order_type) == ("pending", "renewal")
    assert code(lambda: caller.renew(host)) == (400, "CBC.99003100")
    assert code(lambda: caller.unsubscribe(host)) == (400, "CBC.99003100")
    caller.pay(order)
    paid = caller.renew(host, period_type=3, is_auto_pay=1)
    assert CustomerOrder.objects.get(order_no=paid.order_ids[0]).status == "completed"
    assert code(lambda: caller.renew(host, period_type=3, period_num=4)) == (400, "CBC.99000092")
    gone = CloudResource(resource_id="r-0")
    assert code(lambda: caller.renew(gone)) == (400, "CBC.99003012")
    assert len(caller.unsubscribe(host).order_ids) == 1
    assert code(lambda: caller.unsubscribe(host)) == (400, "CBC.99003012")


@pytest.mark.requirement("api-B.25", "api-B.26", "api-B.27", "api-B.28")
def test_what_follows_a_term_is_set(caller: Caller) -> None:
    shop = caller.shop
    host, disk = shop.buy(shop.goods.host_by_term), shop.buy(shop.goods.disk_by_term, size=10)
    name = host.resource_id
    on = AutoRenewalResourcesRequest(resource_id=name)
    assert caller.ask(on, "auto_renewal_resources").status_code == 204
    caller.ask(on, "auto_renewal_resources", auto_renew_times=3, period_type="YEAR")
    host.refresh_from_db()
    assert (host.expiry_policy, host.auto_renewals_left, host.auto_renew_period) == (
        "renew",
        3,
        "year",
    )
    off = CancelAutoRenewalResourcesRequest(resource_id=name)
    off_name = "cancel_auto_renewal_resources"
    assert caller.ask(off, off_name).status_code == 204
    never_on = CancelAutoRenewalResourcesRequest(resource_id=disk.resource_id)
    assert code(lambda: caller.ask(never_on, off_name)) == (400, "CBC.99003605")

    def rule(what: str, value: str) -> Any:
        return caller.ask(
            SetResourcesRenewConfigRequest(),
            "set_resources_renew_config",
            config_name=what,
            config_value=value,
        )

    assert rule("EXPIRE_DATE", "-1").error_code == "CBC.0000"
    rule("DEDUCTION_DATE", "3")
    for what, value in (("DEDUCTION_DATE", "8"), ("EXPIRE_DATE", "29"), ("EXPIRE_DATE", "0")):
        assert code(lambda: rule(what, value)) == (400, "CBC.0100")  # noqa: B023
    rules = RenewalSettings.objects.get(account=shop.cast.harborline)
    assert (rules.deduction_days, rules.expiry_day) == (3, -1)

    def on_expiry(operation: str, *names: str) -> list[tuple[str, str]]:
        answer = caller.ask(
            UpdatePeriodToOnDemandRequest(),
            "update_period_to_on_demand",
            operation=operation,
            resource_ids=list(names),
        )
        return [(row.id, row.error_code) for row in answer.error_details]

    assert on_expiry("SET_UP", disk.resource_id, "r-0") == [("r-0", "CBC.99003012")]
    disk.refresh_from_db()
    assert disk.expiry_policy == "usage"
    holds.place(
        shop.cast.actor(shop.cast.mara),
        [shop.association],
        owner=HoldOwner.PARTNER,
        strength=Strength.ACCOUNT,
        reason="Overspending",
        moment=clock.now(),
    )
    assert on_expiry("SET_UP", name) == [(name, "CBC.99003626")]
    assert on_expiry("CANCEL", disk.resource_id) == []
    assert code(lambda: caller.renew(host)) == (400, "CBC.99007004")
