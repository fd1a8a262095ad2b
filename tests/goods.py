"""A small catalogue for tests: a region, a host, a disk and a bandwidth, with their list prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from accounts.models import Account
from budgets.choices import BudgetType, ExhaustionAction
from budgets.models import Budget
from catalog.choices import BillingMode, PaymentOption, Period
from catalog.models import (
    ListPrice,
    MeasureUnit,
    Product,
    Region,
    ResourceSpec,
    ResourceType,
    ServiceType,
    UsageType,
)
from customers.models import Association
from partner_center import clock

#: Prices count from here on.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Goods:
    """What can be bought. Hosts cost $0.10 an hour, $50 a month, $500 a year."""

    region: Region
    other_region: Region
    host_by_use: Product
    host_by_term: Product
    host_reserved: Product
    disk_by_use: Product  # linear: $0.0002 per GB and hour
    disk_by_term: Product  # linear: $0.10 per GB and month, $1 per GB and year
    traffic: Product  # $0.12 per GB, metered in bytes
    traffic_package: Product  # 100 GB of traffic a month for $9


def _price(product: Product, price: str, period: str = Period.NONE, upfront: str = "0") -> None:
    ListPrice.objects.create(
        product=product,
        period=period,
        unit_price=Decimal(price),
        upfront_price=Decimal(upfront),
        valid_from=LONG_AGO,
    )


def _unit(number: int, name: str, abbreviation: str, kind: int) -> MeasureUnit:
    return MeasureUnit.objects.get_or_create(
        pk=number, defaults={"name": name, "abbreviation": abbreviation, "measure_type": kind}
    )[0]


def stock() -> Goods:
    """Make the catalogue."""
    region = Region.objects.create(code="ap-southeast-3", name="AP-Singapore", zones=["AZ1", "AZ2"])
    other = Region.objects.create(code="ap-southeast-1", name="CN-Hong Kong", zones=["AZ1"])
    hour, second = _unit(4, "Hour", "h", 2), _unit(6, "Second", "s", 2)
    gb, byte = _unit(10, "GB", "GB", 3), _unit(13, "Byte", "Byte", 3)
    size = _unit(17, "GB", "GB", 7)

    ecs = ServiceType.objects.create(
        code="hws.service.type.ec2",
        name="Elastic Cloud Server",
        abbreviation="ECS",
        category="Compute",
    )
    vm = ResourceType.objects.create(
        service_type=ecs, code="hws.resource.type.vm", name="Cloud host"
    )
    vm_duration = UsageType.objects.create(resource_type=vm, code="Duration", name="Duration")
    small = ResourceSpec.objects.create(
        resource_type=vm,
        code="s6.small.1.linux",
        name="s6.small.1",
        attributes=[{"code": "vcpu", "name": "vCPUs", "value": "1", "unit": ""}],
    )
    host = {"service_type": ecs, "resource_type": vm, "spec": small, "on_behalf_kinds": ["csp"]}
    by_duration = {
        "usage_type": vm_duration,
        "usage_unit": second,
        "pricing_unit": hour,
        "conversion_factor": Decimal(3600),
    }
    host_by_use = Product.objects.create(
        code="host-usage", name="Host by use", mode=BillingMode.PAY_PER_USE, **host, **by_duration
    )
    host_by_term = Product.objects.create(
        code="host-term", name="Host by term", mode=BillingMode.YEARLY_MONTHLY, **host
    )
    host_reserved = Product.objects.create(
        code="host-reserved",
        name="Reserved host, 1 year",
        mode=BillingMode.RESERVED_UPFRONT,
        payment_option=PaymentOption.ALL_UPFRONT,
        term_months=12,
        **host,
        **by_duration,
    )
    evs = ServiceType.objects.create(
        code="hws.service.type.ebs",
        name="Elastic Volume Service",
        abbreviation="EVS",
        category="Storage",
    )
    volume = ResourceType.objects.create(
        service_type=evs, code="hws.resource.type.volume", name="Cloud storage"
    )
    disk_duration = UsageType.objects.create(resource_type=volume, code="Duration", name="Duration")
    ssd = ResourceSpec.objects.create(
        resource_type=volume,
        code="SSD",
        name="Ultra-high I/O",
        attributes=[{"code": "type", "name": "Type", "value": "Ultra-high I/O", "unit": ""}],
        size_unit=size,
        size_min=10,
        size_max=32768,
        size_step=1,
    )
    disk = {"service_type": evs, "resource_type": volume, "spec": ssd}
    disk_by_use = Product.objects.create(
        code="disk-usage",
        name="Disk by use",
        mode=BillingMode.PAY_PER_USE,
        **disk,
        **by_duration | {"usage_type": disk_duration},
    )
    disk_by_term = Product.objects.create(
        code="disk-term", name="Disk by term", mode=BillingMode.YEARLY_MONTHLY, **disk
    )
    vpc = ServiceType.objects.create(
        code="hws.service.type.vpc",
        name="Virtual Private Cloud",
        abbreviation="VPC",
        category="Networking",
        has_percentile_billing=True,
        page_slug="vpc",
    )
    bandwidth = ResourceType.objects.create(
        service_type=vpc, code="hws.resource.type.bandwidth", name="Bandwidth"
    )
    upflow = UsageType.objects.create(
        resource_type=bandwidth, code="upflow", name="Upstream traffic"
    )
    by_traffic = {
        "service_type": vpc,
        "resource_type": bandwidth,
        "usage_type": upflow,
        "usage_unit": byte,
        "pricing_unit": gb,
        "conversion_factor": Decimal(1024**3),
    }
    traffic = Product.objects.create(
        code="traffic", name="Traffic", mode=BillingMode.PAY_PER_USE, **by_traffic
    )
    traffic_package = Product.objects.create(
        code="traffic-package",
        name="Traffic package 100 GB",
        mode=BillingMode.PACKAGE,
        package_quota=Decimal(100),
        package_reset="month",
        **by_traffic,
    )
    _price(host_by_use, "0.10")
    _price(host_by_term, "50", Period.MONTH)
    _price(host_by_term, "500", Period.YEAR)
    _price(host_reserved, "0", Period.YEAR, upfront="400")
    _price(disk_by_use, "0.0002")
    _price(disk_by_term, "0.10", Period.MONTH)
    _price(disk_by_term, "1", Period.YEAR)
    _price(traffic, "0.12")
    _price(traffic_package, "9", Period.MONTH)
    return Goods(
        region,
        other,
        host_by_use,
        host_by_term,
        host_reserved,
        disk_by_use,
        disk_by_term,
        traffic,
        traffic_package,
    )


def grant_budget(customer: Account, amount: str = "1000000.00") -> None:
    """A one-time budget large enough for whatever a test buys in advance; associations without one
    (Referral, none) need none."""
    association = Association.objects.live().filter(customer=customer).first()
    if association is not None:
        Budget.objects.update_or_create(
            association=association,
            defaults={
                "account_id": association.account_id,
                "customer": customer,
                "type": BudgetType.ONE_TIME,
                "amount": amount,
                "action": ExhaustionAction.MANUAL,
                "counts_from": "2020-01",
                "set_at": clock.now(),
            },
        )
