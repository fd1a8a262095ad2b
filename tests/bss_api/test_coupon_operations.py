"""Coupons with the official SDK (B.14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import BssintlClient, ListSubCustomerCouponsRequest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from accounts.models import Account
from billing.models import Coupon, CouponEntry
from catalog.models import ServiceType
from partner_center import clock

from ..cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
ISSUED = datetime(2025, 3, 1, 4, 5, 6, tzinfo=UTC)


def _coupon(account: Account, number: str, **more: Any) -> Coupon:
    start = {
        "account": account,
        "number": number,
        "name": "Welcome",
        "source": "benefit",
        "face_value": Decimal("50"),
        "balance": Decimal("12.5"),
        "starts_at": ISSUED,
        "ends_at": clock.now() + timedelta(days=30),
        "issued_at": ISSUED,
    }
    return Coupon.objects.create(**start | more)


@pytest.mark.requirement("api-B.14", "api-A.5", "api-A.6", "05-CPV-04")
def test_partners_list_their_coupons(
    cast: Cast, key_of: Any, sdk: Callable[..., BssintlClient]
) -> None:
    ebs = ServiceType.objects.create(code="hws.service.type.ebs", name="EVS")
    open_one = _coupon(cast.tidemark, "CP1", remarks="Spring", customer=cast.delta)
    open_one.excluded.add(ebs)
    _coupon(cast.tidemark, "CP2", balance=0, source="earnings")
    _coupon(cast.tidemark, "CP3", ends_at=clock.now() - timedelta(days=3))
    _coupon(cast.tidemark, "CP4", ends_at=clock.now() - timedelta(days=366))
    _coupon(cast.tidemark, "CP5", revoked_at=clock.now(), issued_at=ISSUED + timedelta(days=9))
    _coupon(cast.meridian, "CP6", reseller=cast.lagoon)
    CouponEntry.objects.create(
        account=cast.tidemark, coupon=open_one, move="used", amount=-37.5, balance=12.5, at=ISSUED
    )
    client = sdk(key_of(cast.mara))

    def listed(asking: BssintlClient, **criteria: Any) -> list[str]:
        answer = asking.list_sub_customer_coupons(ListSubCustomerCouponsRequest(**criteria))
        assert answer.count >= len(answer.user_coupons)
        return [row.coupon_id for row in answer.user_coupons]

    for criteria, expected in (
        ({}, ["CP5", "CP3", "CP2", "CP1"]),
        ({"limit": 2, "offset": 1}, ["CP3", "CP2"]),
        ({"status": 2}, ["CP1"]),
        ({"status": 3}, ["CP2"]),
        ({"status": 4}, ["CP3"]),
        ({"status": 5}, ["CP5"]),
        ({"status": 1}, []),
        ({"coupon_id": "cp2"}, ["CP2"]),
        ({"coupon_id": "CP6"}, []),
        ({"coupon_type": 1, "active_start_time": "2025-03-02T00:00:00Z"}, ["CP5"]),
        ({"active_end_time": "2025-03-01T04:05:06Z", "status": 2}, ["CP1"]),
        ({"coupon_type": 2}, []),
        ({"order_id": "CS1"}, []),
        ({"source_id": "operator", "status": 2}, ["CP1"]),
        ({"source_id": cast.northgate.public_id}, []),
    ):
        assert listed(client, **criteria) == expected, criteria
    [row] = client.list_sub_customer_coupons(ListSubCustomerCouponsRequest(status=2)).user_coupons
    assert (row.customer_id, row.face_value, row.balance) == (cast.tidemark.public_id, 50.0, 12.5)
    assert (row.coupon_type, row.measure_id, row.currency, row.is_frozen) == (1, 1, "USD", "0")
    assert (row.valid_time, row.create_time, row.reserve_time) == ("2025-03-01T04:05:06Z",) * 3
    assert (row.plan_name, row.plan_desc, row.fetch_method) == ("Welcome", "Spring", 3)
    [limit] = row.use_limits
    assert (limit.limit_key, limit.value1) == ("serviceTypeBlackList", "hws.service.type.ebs")
    assert listed(sdk(key_of(cast.dina))) == ["CP6"], "a distributor: also those for its resellers"
    assert listed(sdk(key_of(cast.hana))) == [], "a customer holds none"
    assert listed(sdk(key_of(cast.nora))) == []
    wrong: tuple[tuple[BssintlClient, dict[str, Any], tuple[int, str]], ...] = (
        (client, {"limit": 101}, (400, "CBC.0100")),
        (client, {"status": 6}, (400, "CBC.0100")),
        (client, {"active_start_time": "2025-03-01"}, (400, "CBC.0100")),
        (sdk(key_of(cast.leo)), {}, (403, "CBC.0151")),
        (sdk(key_of(cast.jun)), {}, (403, "CBC.0151")),
    )
    for asking, criteria, error in wrong:
        with pytest.raises(ClientRequestException) as caught:
            asking.list_sub_customer_coupons(ListSubCustomerCouponsRequest(**criteria))
        assert (caught.value.status_code, caught.value.error_code) == error, criteria
