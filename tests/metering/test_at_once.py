"""Several at once, and processes that are killed: on real connections, with emptied tables."""

from __future__ import annotations

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

from catalog.models import ListPrice, PriceTier
from catalog.rules.pricing import Tier, graduated
from metering.models import Charge, Intake, MonthlySpend, TierUse, UsageRecord
from metering.services import intakes, watching
from partner_center import clock

from .. import cast as players
from ..goods import Goods, stock
from ..processes import environment
from .usage import record, system, take, write_csv

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
        spend = MonthlySpend.objects.get(customer=customer)
        assert spend.list_amount == graduated(tiers, total)
        assert spend.charges == len(own)
    assert Charge.objects.count() == UsageRecord.objects.count() == len(rows)


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


def test_a_killed_process_is_noticed_and_its_intake_goes_on(
    scene: tuple[players.Cast, Goods], tmp_path: Path
) -> None:
    """Two processes, each killed (SIGKILL) after another number of chunks; then it ends."""
    cast, _goods = scene
    rows = _traffic(cast, 100)
    path = write_csv(tmp_path / "a.csv", rows)
    intakes.source_of(system(), "native", "native")
    command = [
        sys.executable,
        "manage.py",
        "ingest_usage",
        str(path),
        "--format=native",
        "--chunk=9",
    ]
    for chunks in (1, 4):
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment(PYTHONUNBUFFERED="1"),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        assert process.stderr is not None
        for _chunk in range(chunks):
            assert b"lines:" in process.stderr.readline()
        process.kill()
        process.wait()
        process.stderr.close()
    intake = Intake.objects.get()
    assert intake.state == "running"
    assert 0 < intake.accepted < len(rows)
    assert intake.accepted == Charge.objects.count()
    for _second in range(50):  # the server notices a dead client within a moment
        if watching.mark_interrupted(clock.now()):
            break
    intake.refresh_from_db()
    assert intake.state == "interrupted"
    ended = take(path, size=9)
    assert (ended.pk, ended.accepted, ended.duplicates) == (intake.pk, len(rows), 0)
    _assert_right(cast, rows)
