"""A resource package of which something was used, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from accounts.models import Account
from metering.models import PackageDeduction
from resources.models import CloudResource, PackageQuota
from tests.goods import Goods

from .ledger import Line, at, post


def package(customer: Account, goods: Goods, *, used: str = "30") -> PackageQuota:
    """100 GB of traffic for November, some of it used by one record."""
    bought = CloudResource.objects.create(
        account=customer,
        resource_id="pkg-1",
        name="Traffic",
        product=goods.traffic_package,
        region=goods.region,
        mode="package",
        order_no="CS26110001",
        created_at=at("2026-11-01"),
        effective_at=at("2026-11-01"),
        updated_at=at("2026-11-01"),
        expires_at=at("2027-11-01"),
    )
    quota = PackageQuota.objects.create(
        account=customer,
        resource=bought,
        cycle="2026-11",
        quota=Decimal(100),
        used=Decimal(used),
        starts_at=datetime(2026, 10, 31, 16, tzinfo=UTC),
        ends_at=datetime(2026, 11, 30, 16, tzinfo=UTC),
    )
    charge = post([Line(customer, goods.traffic, "0", at("2026-11-06"), goods.region, "bw-1")])[0]
    PackageDeduction.objects.create(
        record=charge.record,
        cycle="2026-11",
        quota=quota,
        customer=customer,
        used=Decimal(used),
        before=Decimal(100),
        deducted_at=at("2026-11-06"),
    )
    return quota
