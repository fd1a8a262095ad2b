"""Several at once, and processes that are killed: on real connections, with emptied tables."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from catalog.models import ListPrice, PriceTier
from catalog.rules.pricing import Tier, graduated
from metering.models import Charge, Intake, MonthlySpend, TierUse, UsageRecord
from metering.services import intakes, watching
from partner_center import clock

from .. import cast as players
from ..goods import Goods, stock
from ..processes import environment
from . import focus_file
from .usage import ingest, record, system, take, write_csv

GIGABYTE = 1024**3
TIERS = ((0, "0.12"), (100, "0.10"), (1000, "0.08"))
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("05-BFD-02")]


@pytest.fixture
def scene(transactional_db: None) -> tuple[players.Cast, Goods]:
    goods = stock()
    price = ListPrice.objects.get(product=goods.traffic)
    for above, unit_price in TIERS:
        PriceTier.objects.create(price=price, above=above, unit_price=Decimal(unit_price))
    return players.assemble(), goods


def _traffic(cast: players.Cast, count: int) -> list[dict[str, Any]]:
    return [
        record(
            customer,
            f"{customer.pk}-{number}",
            product_id="traffic",
            usage=f"{(number % 7 + 1) * GIGABYTE}",
            resource_id=f"i-{number % 5}",
        )
        for number in range(count)
        for customer in (cast.harborline, cast.delta)
    ]


def _assert_right(cast: players.Cast, rows: list[dict[str, Any]]) -> None:
    """Whatever the order, the tiers of a month cost the same in all."""
    tiers = [Tier(Decimal(above), Decimal(price)) for above, price in TIERS]
    for customer in (cast.harborline, cast.delta):
        own = [row for row in rows if row["customer_id"] == customer.public_id]
        total = sum(Decimal(row["usage"]) / GIGABYTE for row in own)
        assert TierUse.objects.get(customer=customer).quantity == total
        spend = MonthlySpend.objects.get(customer=customer, product__code="traffic")
        assert spend.list_amount == graduated(tiers, total)
        assert spend.charges == len(own)
    for taken in (Charge.objects, UsageRecord.objects):
        assert taken.filter(product__code="traffic").count() == len(rows)


def _at_once(*jobs: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            barrier.wait(20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_intakes_of_the_same_customers_share_tiers_and_wait_for_nobody_in_vain(
    scene: tuple[players.Cast, Goods], tmp_path: Path
) -> None:
    cast, _goods = scene
    rows = _traffic(cast, 150)
    halves = [
        write_csv(tmp_path / "a.csv", rows[::2] + rows[10:40]),
        write_csv(tmp_path / "b.csv", rows[1::2][::-1] + rows[20:60][::-1]),
    ]
    taken = _at_once(*(lambda path=path: take(path, size=20) for path in halves))
    assert sum(intake.accepted for intake in taken) == len(rows)
    assert sum(intake.duplicates for intake in taken) == 70
    _assert_right(cast, rows)
    assert watching.wrong_sums("2026-01") == []


def test_the_same_file_twice_at_once_counts_once(
    scene: tuple[players.Cast, Goods], tmp_path: Path
) -> None:
    cast, _goods = scene
    rows = _traffic(cast, 30)
    path = write_csv(tmp_path / "a.csv", rows)
    taken = _at_once(*[lambda: take(path, size=10)] * 2)
    assert sorted(intake.accepted for intake in taken) == [0, len(rows)]
    _assert_right(cast, rows)


def test_killed_fifty_times_at_random_moments_it_ends_the_same(
    scene: tuple[players.Cast, Goods], tmp_path: Path
) -> None:
    """Half of the processes (SIGKILL) take tiered usage, half FOCUS rows without a number of their own.

    What a killed process left is noticed as interrupted; another one goes on where it stood.
    """
    cast, _goods = scene
    rows = _traffic(cast, 500)
    native = write_csv(tmp_path / "a.csv", rows)
    focus_rows = focus_file.good_rows(focus_file.FILES[-1])
    if focus_file.FILES[-1] == focus_file.SMALL:
        focus_rows = focus_rows * 150
    focus = focus_file.write(tmp_path / "b.csv", focus_rows)
    intakes.source_of(system(), "native", "native")
    head = tmp_path / "head.csv"
    head.write_text(focus.read_text().splitlines()[0] + "\n")
    ingest(head, "--format=focus", f"--accounts={focus_file.map_accounts(cast, focus, tmp_path)}")
    orders = [
        {"kind": "native", "path": str(native), "size": 4, "kills": 25},
        {"kind": "focus", "path": str(focus), "size": len(focus_rows) // 150, "kills": 25},
    ]
    killed = subprocess.run(
        [sys.executable, "-m", "tests.metering.killing"],
        cwd=settings.BASE_DIR,
        env=environment(),
        input=json.dumps(orders),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    assert killed.stdout.split() == ["50"]
    left = list(Intake.objects.exclude(name="head.csv").order_by("pk"))
    assert [intake.state for intake in left] == ["running", "running"]
    assert all(0 < each.accepted < len(r) for each, r in zip(left, (rows, focus_rows), strict=True))
    assert sum(intake.accepted for intake in left) == Charge.objects.count()
    for _second in range(50):  # the server notices a dead client within a moment
        watching.mark_interrupted(clock.now())
        if not Intake.objects.filter(state="running").exists():
            break
    ended = [take(native), take(focus, kind="focus")]
    assert [(i.pk, i.accepted, i.duplicates) for i in ended] == [
        (left[0].pk, len(rows), 0),
        (left[1].pk, len(focus_rows), 0),
    ]
    _assert_right(cast, rows)
    focus_charges = Charge.objects.filter(record__source__name="focus")
    name = "record__extra__focus__SubAccountId"
    sums = focus_charges.values_list(name).annotate(Sum("list_amount"))
    assert dict(sums) == focus_file.of_sub_accounts(focus_rows)
    assert focus_charges.count() == len(focus_rows)
    assert watching.wrong_sums("2026-01") == []
