"""What the demo customers run: resources and how they are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from accounts.models import Account
from catalog.choices import BillingMode
from catalog.models import Product
from resources.choices import ResourceStatus
from resources.models import CloudResource

from .rules import Meter, Shape

SECONDS = 3600
GIGABYTE = 1024**3
#: Codes of products of the catalogue that comes with the portal.
WEB_HOST = "00301-20008-0--0"
APP_HOST = "00301-20061-0--0"
DATA_HOST = "00301-20082-0--0"
GPU_HOST = "00301-20107-0--0"
DISK = "00301-26006-0--0"
TRAFFIC = "00301-30005-0--0"
STORAGE = "00301-27000-0--0"
SINGAPORE = "ap-southeast-3"
HONG_KONG = "ap-southeast-1"


@dataclass(frozen=True)
class Use:
    """One line of the table below: a meter without its customer and region."""

    name: str
    product: str
    level: int
    shape: Shape = Shape.STEADY
    size: int | None = None
    growth: int = 0
    runaway: bool = False


def _web(copies: int, traffic: int, growth: int) -> tuple[Use, ...]:
    """A web shop: hosts that scale with the load, a disk, and what its visitors load."""
    return (
        Use("web-pool", WEB_HOST, copies * SECONDS, Shape.SCALING, growth=growth),
        Use("web-disk", DISK, SECONDS, size=40 * copies),
        Use("uplink", TRAFFIC, traffic * GIGABYTE, Shape.LOAD, growth=growth),
    )


#: Account name, region, what runs there.
FLEET: tuple[tuple[str, str, tuple[Use, ...]], ...] = (
    (
        "harborline-logistics",
        SINGAPORE,
        (
            *_web(4, 3, 3),
            Use("tracking-db", DATA_HOST, SECONDS),
            Use("archive", STORAGE, 900 * 1024, growth=0),
        ),
    ),
    (
        "quarry-analytics",
        HONG_KONG,
        (
            Use("gpu-batch", GPU_HOST, SECONDS, Shape.NIGHTLY, runaway=True),
            Use("etl-night", APP_HOST, 6 * SECONDS, Shape.NIGHTLY),
            Use("warehouse", DATA_HOST, 2 * SECONDS),
            Use("warehouse-disk", DISK, SECONDS, size=2000),
        ),
    ),
    ("coral-bay-hotels", SINGAPORE, _web(3, 2, 5)),
    ("delta-fisheries", SINGAPORE, _web(1, 1, 1)),
    ("bulan-media", HONG_KONG, (*_web(3, 12, 6), Use("videos", STORAGE, 4000 * 1024))),
    ("kestrel-pay", HONG_KONG, (*_web(5, 2, 2), Use("ledger-db", DATA_HOST, 2 * SECONDS))),
    ("oasis-clinics", SINGAPORE, _web(2, 1, 2)),
    ("sandline-media", HONG_KONG, _web(2, 6, 4)),
)
#: Small customers have one host, read once a day.
SMALL = Use("server", WEB_HOST, SECONDS)
DAY = 24


def meters(small: tuple[str, ...] = ()) -> list[Meter]:
    """The meters that run now: of the fleet, and of resources that customers bought by use.

    Without those whose resource is stopped, frozen or released. ``small`` names customers with one
    host each.
    """
    found = [*_of_fleet(small), *_of_console()]
    resting = set(
        CloudResource.objects.exclude(status=ResourceStatus.RUNNING, frozen_at=None).values_list(
            "account__public_id", "resource_id"
        )
    )
    return [meter for meter in found if (meter.customer_id, meter.resource_id) not in resting]


def _of_fleet(small: tuple[str, ...]) -> Iterator[Meter]:
    lines = [*FLEET, *((name, SINGAPORE, (SMALL,)) for name in small)]
    ids = dict(
        Account.objects.filter(name__in=[name for name, *_rest in lines]).values_list(
            "name", "public_id"
        )
    )
    products = set(Product.objects.values_list("code", flat=True))
    for name, region, uses in lines:
        for use in uses:
            if name in ids and use.product in products:
                meter = _meter(ids[name], name, region, use)
                yield replace(meter, hours=DAY) if use is SMALL else meter


def _meter(customer_id: str, name: str, region: str, use: Use) -> Meter:
    return Meter(
        customer_id=customer_id,
        product=use.product,
        region=region,
        resource_id=f"{name}-{use.name}",
        resource_name=use.name,
        level=use.level,
        shape=use.shape,
        size=use.size,
        growth=use.growth,
        runaway=use.runaway,
    )


def _of_console() -> Iterator[Meter]:
    """Running resources that were bought by use, metered in seconds."""
    rows = CloudResource.objects.filter(
        mode=BillingMode.PAY_PER_USE,
        status=ResourceStatus.RUNNING,
        frozen_at=None,
        is_discovered=False,
        region__isnull=False,
        product__conversion_factor=SECONDS,
    )
    for row in rows.select_related("account", "product", "region").order_by("pk"):
        yield Meter(
            customer_id=row.account.public_id,
            product=row.product.code,
            region=row.region.code,
            resource_id=row.resource_id,
            resource_name=row.name,
            level=SECONDS * row.quantity,
            size=row.size,
            since=row.effective_at,
        )
