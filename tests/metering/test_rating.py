"""What usage costs: tiers, packages and reserved instances, to the last digit as in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Account
from catalog.models import ListPrice, PriceTier, Product
from catalog.rules.pricing import Tier, for_valid_days, to_pricing_unit, usage_amount
from metering.models import (
    Charge,
    DailySpend,
    MonthlySpend,
    PackageDeduction,
    RejectedLine,
    ReservedUse,
    TierUse,
    UsageRecord,
)
from metering.queries import explaining
from metering.services import cycles, intakes, rebuilding, watching
from partner_center import clock
from resources.models import CloudResource, PackageQuota

from ..cast import Cast
from ..goods import LONG_AGO, Goods, stock
from .usage import record, system, take, write_csv

GIGABYTE = 1024**3
TIERS = ((0, "0.12"), ("10.5", "0.10"), (50, "0.0000000001"))


@pytest.fixture
def goods(cast: Cast) -> Goods:
    goods = stock()
    price = ListPrice.objects.get(product=goods.traffic)
    for above, unit_price in TIERS:
        PriceTier.objects.create(price=price, above=Decimal(above), unit_price=Decimal(unit_price))
    return goods


@pytest.fixture
def bandwidth95(goods: Goods) -> Product:
    """95th-percentile bandwidth at $4.50 a unit and month."""
    product = Product.objects.get(pk=goods.traffic.pk)
    product.pk, product.code, product.is_percentile = None, "bandwidth95", True
    product.conversion_factor = Decimal(1)
    product.save()
    ListPrice.objects.create(product=product, unit_price=Decimal("4.5"), valid_from=LONG_AGO)
    return product


def _resource(account: Account, product: Product, **fields: Any) -> CloudResource:
    defaults = {
        "account": account,
        "resource_id": f"{product.code}-{CloudResource.objects.count()}",
        "product": product,
        "mode": product.mode,
        "created_at": LONG_AGO,
        "effective_at": LONG_AGO,
        "expires_at": datetime(2027, 1, 1, tzinfo=UTC),
        "updated_at": LONG_AGO,
    }
    return CloudResource.objects.create(**defaults | fields)


def _hour(number: int, minutes: int = 60) -> dict[str, str]:
    start = datetime(2026, 9, 30, 16, tzinfo=UTC) + timedelta(hours=number)
    return {
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=minutes)).isoformat(),
    }


@pytest.mark.requirement("05-BFD-02", "05-BIL-08")
def test_random_usage_costs_what_plain_python_says(
    cast: Cast, goods: Goods, bandwidth95: Product, tmp_path: Path
) -> None:
    """Quantities of any sign and precision, in two regions, three customers and two months."""
    chance = random.Random(5)
    customers = [cast.harborline, cast.delta, cast.quarry]
    products = {
        "traffic": goods.traffic,
        "host-usage": goods.host_by_use,
        "disk-usage": goods.disk_by_use,
        "bandwidth95": bandwidth95,
    }
    rows = []
    for number in range(300):
        code = chance.choice([*products, "traffic"])
        least = 0 if code == "bandwidth95" else -(10**6)
        usage = Decimal(chance.randint(least, 10**9)).scaleb(-chance.randint(0, 15))
        usage *= chance.choice([1, 1000]) if code == "traffic" else 1
        rows.append(
            record(
                chance.choice(customers),
                number,
                product_id=code,
                usage=format(usage, "f"),
                region=chance.choice(["ap-southeast-3", "ap-southeast-1", ""]),
                size=chance.randint(10, 32768) if code == "disk-usage" else "",
                points=chance.randint(0, 288 * 30) if code == "bandwidth95" else "",
                **_hour(chance.randint(-400, 400)),
            )
        )
    take(write_csv(tmp_path / "u.csv", rows), size=70)
    tiers = [Tier(Decimal(above), Decimal(price)) for above, price in TIERS]
    prices = {"host-usage": "0.10", "disk-usage": "0.0002", "bandwidth95": "4.5"}
    used: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    charges = Charge.objects.select_related("record").order_by("record_id")
    assert len(charges) == len(rows)
    for charge, row in zip(charges, rows, strict=True):
        product = products[row["product_id"]]
        total = to_pricing_unit(Decimal(row["usage"]), product.conversion_factor)
        place = (charge.cycle, charge.customer_id, product.pk, charge.region_id)
        own = (
            tiers if product == goods.traffic else [Tier(Decimal(0), Decimal(prices[product.code]))]
        )
        size = int(row["size"]) if row["size"] else None
        wanted = usage_amount(own, before=used[place], quantity=total, size=size)
        if product == bandwidth95:
            days = clock.BillingCycle.parse(charge.cycle).days
            wanted = for_valid_days(wanted, points=int(row["points"]), days=days)
        used[place] += total
        assert (charge.pricing_total, charge.list_amount) == (total, wanted), row
    for tier_use in TierUse.objects.all():
        place = (tier_use.cycle, tier_use.customer_id, tier_use.product_id, tier_use.region_id)
        assert tier_use.quantity == used[place]


@pytest.mark.requirement("04-P95-02", "05-P95-02", "05-BFD-02")
def test_the_95th_percentile_costs_its_share_of_the_month(
    cast: Cast, goods: Goods, bandwidth95: Product, tmp_path: Path
) -> None:
    """The seed's September: 4,320 points are 15 of 30 days, so half of 20 × $4.50; and its limits."""
    months = {
        "september": ("2026-09-01T00:00:00+08:00", "2026-10-01T00:00:00+08:00"),
        "october": ("2026-10-01T00:00:00+08:00", "2026-11-01T00:00:00+08:00"),
    }
    lines = [
        ("september", "bandwidth95", 4320),
        ("september", "bandwidth95", 0),
        ("september", "bandwidth95", 8640),
        ("october", "bandwidth95", 4320),
        ("september", "bandwidth95", 8641),
        ("september", "bandwidth95", ""),
        ("september", "traffic", 4320),
    ]
    rows = [
        record(
            cast.harborline,
            number,
            product_id=code,
            usage="20",
            points=points,
            start=months[month][0],
            end=months[month][1],
        )
        for number, (month, code, points) in enumerate(lines)
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    found = Charge.objects.order_by("record_id")
    assert list(found.values_list("list_amount", flat=True)) == [
        45,
        0,
        90,
        Decimal("43.54838709677419354838"),
    ]
    refused = RejectedLine.objects.order_by("line").values_list("line", "code")
    assert list(refused) == [(5, "too_many_points"), (6, "no_points"), (7, "takes_no_points")]
    said = " ".join(explaining.explain(found[0]))
    assert "4320 measurement points, 288 to a valid day, in a month of 30 days" in said
    assert "20 × 4.5 × 4320 ÷ 288 ÷ 30 = 45" in said


@pytest.mark.requirement("05-BFD-02")
def test_a_package_covers_usage_once_and_starts_anew_each_month(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    PriceTier.objects.all().delete()
    package = _resource(cast.harborline, goods.traffic_package)
    _resource(cast.delta, goods.traffic_package, effective_at=datetime(2026, 10, 20, tzinfo=UTC))
    rows = [
        record(cast.harborline, n, product_id="traffic", usage=f"{usage * GIGABYTE}", **_hour(hour))
        for n, (usage, hour) in enumerate([(60, 1), (30, 2), (30, 3), (5, 4), (7, -1)])
    ]
    rows.append(record(cast.delta, 9, product_id="traffic", usage=f"{GIGABYTE}", **_hour(1)))
    take(write_csv(tmp_path / "u.csv", rows), size=2)
    found = Charge.objects.order_by("record_id").values_list(
        "pricing_total", "pricing_package", "usage", "package_usage", "list_amount"
    )
    assert list(found) == [
        (60, 60, 0, 60 * GIGABYTE, 0),
        (30, 30, 0, 30 * GIGABYTE, 0),
        (30, 10, 20 * GIGABYTE, 10 * GIGABYTE, Decimal("2.4")),
        (5, 0, 5 * GIGABYTE, 0, Decimal("0.6")),
        (7, 7, 0, 7 * GIGABYTE, 0),
        (1, 0, GIGABYTE, 0, Decimal("0.12")),
    ]
    quotas = PackageQuota.objects.filter(resource=package).order_by("cycle")
    assert list(quotas.values_list("cycle", "quota", "used")) == [
        ("2026-09", 100, 7),
        ("2026-10", 100, 100),
    ]
    deductions = PackageDeduction.objects.order_by("record_id").values_list("before", "used")
    assert list(deductions) == [(0, 60), (60, 30), (90, 10), (0, 7)]


@pytest.mark.requirement("05-BFD-02")
def test_a_renewed_package_covers_each_term_from_its_own_quota(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    Product.objects.filter(pk=goods.traffic_package.pk).update(package_reset="")
    package = _resource(cast.harborline, goods.traffic_package)
    renewed_at = datetime(2026, 9, 30, 16, tzinfo=UTC)
    for starts_at, ends_at in ((LONG_AGO, renewed_at), (renewed_at, package.expires_at)):
        PackageQuota.objects.create(
            account=cast.harborline,
            resource=package,
            quota=Decimal(100),
            starts_at=starts_at,
            ends_at=ends_at,
        )
    rows = [
        record(cast.harborline, n, product_id="traffic", usage=f"{usage * GIGABYTE}", **_hour(hour))
        for n, (usage, hour) in enumerate([(60, -2), (70, 1), (50, -1)])
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    quotas = PackageQuota.objects.filter(resource=package).order_by("starts_at")
    assert list(quotas.values_list("used", flat=True)) == [100, 70]
    covered = Charge.objects.order_by("record_id").values_list("pricing_package", flat=True)
    assert list(covered) == [60, 70, 40]


@pytest.mark.requirement("05-BFD-02")
def test_a_reserved_instance_covers_its_hours_once(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    reserved = _resource(cast.harborline, goods.host_reserved, region=goods.region)
    rows = [
        record(cast.harborline, 1, resource_id="a", **_hour(1)),
        record(cast.harborline, 2, resource_id="b", **_hour(1)),
        record(cast.harborline, 3, resource_id="b", usage="1800", **_hour(2, 30)),
        record(cast.harborline, 4, resource_id="c", usage="2700", **_hour(2)),
        record(cast.harborline, 5, resource_id="d", usage="9000", **_hour(4, 150)),
        record(cast.harborline, 6, region="ap-southeast-1", **_hour(7)),
    ]
    take(write_csv(tmp_path / "u.csv", rows), size=3)
    found = Charge.objects.order_by("record_id").values_list(
        "pricing_reserved", "reserved_usage", "usage", "list_amount"
    )
    assert list(found) == [
        (1, 3600, 0, 0),
        (0, 0, 3600, Decimal("0.1")),
        (Decimal("0.5"), 1800, 0, 0),
        (Decimal("0.5"), 1800, 900, Decimal("0.025")),
        (Decimal("2.5"), 9000, 0, 0),
        (0, 0, 3600, Decimal("0.1")),
    ]
    used = ReservedUse.objects.filter(resource=reserved).order_by("hour")
    assert list(used.values_list("used", flat=True)) == [1, 1, 1, 1, Decimal("0.5")]


def _everything(cast: Cast, goods: Goods, tmp_path: Path) -> None:
    """Usage of all kinds, some late, over two cycles."""
    _resource(cast.harborline, goods.traffic_package)
    _resource(cast.harborline, goods.host_reserved, region=goods.region)
    chance = random.Random(6)
    rows = [
        record(
            chance.choice([cast.harborline, cast.delta]),
            number,
            product_id=(code := chance.choice(["traffic", "host-usage", "disk-usage"])),
            usage=f"{chance.randint(1, 9 * GIGABYTE if code == 'traffic' else 3600)}",
            size=40 if code == "disk-usage" else "",
            **_hour(chance.randint(-700, 500)),
        )
        for number in range(120)
    ]
    take(write_csv(tmp_path / "a.csv", rows[:60]), size=25)
    cycles.close("2026-09", clock.now())
    take(write_csv(tmp_path / "b.csv", rows[60:]), size=25)


@pytest.mark.requirement("05-BFD-02")
def test_a_rebuilt_cycle_is_equal_to_the_last_digit(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    _everything(cast, goods, tmp_path)
    assert PackageDeduction.objects.exists()
    assert ReservedUse.objects.exists()
    assert Charge.objects.filter(origin_cycle="2026-09").exists()
    before = list(Charge.objects.order_by("pk").values())
    for cycle, replaced in (("2026-09", False), ("2026-10", True)):
        outcome = rebuilding.rebuild(system(), cycle, clock.now())
        assert outcome.equal, outcome
        assert outcome.replaced == replaced
        assert outcome.records == outcome.charges_after > 0
    assert list(Charge.objects.order_by("pk").values()) == before
    assert watching.wrong_sums("2026-01") == []
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM metering_charge_2026_10")


@pytest.mark.requirement("05-BFD-02")
def test_damaged_roll_ups_are_noticed_and_rebuilt(cast: Cast, goods: Goods, tmp_path: Path) -> None:
    _everything(cast, goods, tmp_path)
    total = MonthlySpend.objects.filter(cycle="2026-10").values_list("list_amount", flat=True)
    wanted = sum(total)
    DailySpend.objects.filter(cycle="2026-10").first().delete()
    MonthlySpend.objects.filter(cycle="2026-10").update(list_amount=1)
    TierUse.objects.filter(cycle="2026-10").update(quantity=0)
    assert {wrong.cycle for wrong in watching.wrong_sums("2026-01")} == {"2026-10"}
    outcome = rebuilding.rebuild(system(), "2026-10", clock.now())
    assert not outcome.equal
    assert outcome.differences["charges"] == 0
    assert outcome.differences["daily"] == 1
    assert outcome.differences["tiers"] > 0
    assert watching.wrong_sums("2026-01") == []
    assert sum(total.all()) == wanted
    assert rebuilding.rebuild(system(), "2026-10", clock.now()).equal


@pytest.mark.parametrize("table", ["charge", "usagerecord", "packagededuction", "closedcycle"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET cycle = 'x'", "DELETE FROM {}"])
def test_the_books_refuse_changes(db: None, table: str, verb: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(verb.format(f"metering_{table}"))


def test_partitions_are_made_once_and_for_cycles_only(db: None) -> None:
    with connection.cursor() as cursor:
        for _time in range(2):
            cursor.execute("SELECT metering_charge_partition('2031-12')")
        cursor.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhrelid::regclass::text LIKE '%2031_12'"
        )
        assert cursor.fetchone() == (2,)
        for wrong in ("2031-13", "x'; DROP", "2031"):
            with pytest.raises(DatabaseError, match="YYYY-MM"), transaction.atomic():
                cursor.execute("SELECT metering_charge_partition(%s)", [wrong])
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute("DELETE FROM metering_charge_2031_12")


def test_a_key_counts_within_its_source(cast: Cast, goods: Goods, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "u.csv", [record(cast.harborline, 1)])
    take(path)

    other = intakes.source_of(system(), "other", "native")
    assert intakes.take_file(system(), other, path).accepted == 1
    assert UsageRecord.objects.count() == 2
