"""FOCUS 1.0: another provider's file goes in to the last digit, once, however it is cut.

That it does so however often it is killed is proved in test_at_once.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db.models import Sum

from catalog.models import Product, Region, ServiceType
from catalog.rules.pricing import EXACT
from metering.management.commands import ingest_usage
from metering.models import Charge, DailySpend, MonthlySpend, RejectedLine, SubAccount, UsageRecord
from metering.refusals import WrongFormat
from metering.services import reading
from partner_center.clock import BillingCycle

from ..cast import Cast
from ..house.source import ROOT
from .focus_file import FILES, SMALL, good_rows, map_accounts, of_sub_accounts
from .usage import ingest

#: What the tour of the README takes in.
EXAMPLE = ROOT / "demo" / "examples" / "focus.csv"

each_file = pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)


def _sum(values: Iterator[str] | Sequence[str]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, Decimal(value))
    return total


def _assert_exact(file: Path, times: int = 1) -> None:
    """Count, and sums per sub-account and customer, from the file with Python's decimals alone."""
    rows = good_rows(file)
    owners = dict(SubAccount.objects.values_list("sub_account_id", "customer_id"))
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        owner = owners[row["SubAccountId"]]
        wanted[owner] = EXACT.add(wanted[owner], Decimal(row["ListCost"]) * times)
    assert UsageRecord.objects.count() == Charge.objects.count() == len(rows) * times
    for model, column in (
        (Charge, "list_amount"),
        (DailySpend, "list_amount"),
        (MonthlySpend, "list_amount"),
    ):
        found: dict[int, Decimal] = defaultdict(Decimal)
        for customer, amount in model.objects.values_list("customer_id", column):
            found[customer] = EXACT.add(found[customer], amount)
        assert found == wanted, model.__name__
    charged = Charge.objects.values_list("record__extra__focus__SubAccountId").annotate(
        Sum("list_amount")
    )
    assert dict(charged) == of_sub_accounts(rows * times)


@pytest.mark.requirement("05-BFD-02")
@each_file
def test_a_file_goes_in_to_the_last_digit_and_only_once(
    cast: Cast, tmp_path: Path, file: Path
) -> None:
    accounts = ["--format=focus", f"--accounts={map_accounts(cast, file, tmp_path)}"]
    rows = good_rows(file)
    figures = ingest(file, *accounts, "--chunk=200")
    assert (figures["accepted"], figures["duplicate"]) == (len(rows), 0)
    assert Decimal(figures["list_cost"]) == _sum(row["ListCost"] for row in rows)
    _assert_exact(file)
    again = ingest(file, *accounts)
    assert (again["accepted"], again["duplicate"]) == (0, len(rows))
    _assert_exact(file)
    shifted = ingest(file, *accounts, "--shift-months=2")
    assert shifted["accepted"] == len(rows)
    _assert_exact(file, times=2)


@each_file
def test_shuffled_and_split_it_is_the_same(cast: Cast, tmp_path: Path, file: Path) -> None:
    accounts = ["--format=focus", f"--accounts={map_accounts(cast, file, tmp_path)}"]
    with file.open(newline="") as lines:
        head, *rows = list(csv.reader(lines))
    # Identical rows without a number of their own are told apart within one file.
    first, second = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    for part, content in (("a", first), ("b", second)):
        _write(tmp_path / part, head, content)
        ingest(tmp_path / part, *accounts)
    _assert_exact(file)
    random.Random(4).shuffle(rows)
    _write(tmp_path / "shuffled", head, rows)
    assert ingest(tmp_path / "shuffled", *accounts, "--chunk=7")["accepted"] == 0
    columns = list(range(len(head)))
    random.Random(4).shuffle(columns)
    turned = [[row[n] for n in columns] for row in rows]
    _write(tmp_path / "turned", [head[n] for n in columns], turned)
    assert ingest(tmp_path / "turned", *accounts)["accepted"] == 0
    _assert_exact(file)


def _write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([head, *rows])


def test_what_the_rows_say_is_kept(cast: Cast, tmp_path: Path) -> None:
    ingest(SMALL, "--format=focus", f"--accounts={map_accounts(cast, SMALL, tmp_path)}")
    found = {r.line: r for r in UsageRecord.objects.select_related("product", "region", "charge")}
    rejected = dict(RejectedLine.objects.values_list("line", "code"))
    assert rejected == {9: "currency", 10: "unknown_sub_account"}
    assert found[1].resource_id == 'lb/app "front", \\ 1'
    assert found[1].extra["focus"]["Tags"] == '{"env": "dev", "note": "tab\tand \\\\ slash"}'
    # 00:00 to 01:00 on 1 October GMT+08:00
    assert (found[1].cycle, str(found[1].spent_on)) == ("2026-10", "2026-10-01")
    assert [found[n].kind for n in (1, 5, 6, 7, 8)] == [
        "usage",
        "credit",
        "adjustment",
        "purchase",
        "adjustment",
    ]
    assert found[2].list_cost == Decimal("1E-15")
    assert found[2].product == found[3].product
    assert (found[2].product.origin, found[2].product.mode) == ("usage", "usage")
    assert found[7].charge.mode == "savings"
    assert (found[2].region.code, found[2].region.origin) == ("fabrikam.north-1", "usage")
    assert Region.objects.get(code="fabrikam.north-1").name == "North (One)"
    assert set(ServiceType.objects.values_list("name", flat=True)) == {
        "Load Balancing",
        "Hosts",
        "Credits",
        "Taxes",
    }
    assert Product.objects.get(name="Host hour").usage_unit.name == "Hours"
    assert found[2].charge.pricing_total == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\n", "must begin with the head"),
        ("sub_account_id,customer_id\nx,nobody\n", "No customer has these IDs: nobody"),
        ("sub_account_id,account_name\nx,nobody\n", "No customer has these names: nobody"),
        ("sub_account_id,customer_id\nx\n", "Line 2 must name"),
    ],
)
def test_a_wrong_map_is_refused_and_nothing_is_taken_in(
    cast: Cast, tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "map.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        ingest(SMALL, "--format=focus", f"--accounts={path}")
    assert not UsageRecord.objects.exists()


def test_a_file_is_moved_into_a_month(tmp_path: Path) -> None:
    def shift(path: Path, to: str) -> int:
        return ingest_usage.shift_of({"file": path, "shift_months": 0, "shift_to": to})

    assert reading.first_month(EXAMPLE) == BillingCycle(2026, 1)
    assert [shift(EXAMPLE, to) for to in ("2026-01", "2026-11", "2024-12")] == [0, 10, -13]
    assert ingest_usage.shift_of({"shift_months": 3, "shift_to": None}) == 3
    bad = tmp_path / "bad.csv"
    for content in ("", "a,b\n1,2\n", EXAMPLE.read_text().splitlines()[0]):
        bad.write_text(content)
        with pytest.raises(WrongFormat):
            shift(bad, "2026-11")
    with pytest.raises(ValueError, match="YYYY-MM"):
        shift(EXAMPLE, "11/2026")
    rows = list(csv.DictReader(EXAMPLE.read_text().splitlines()))
    assert sum(map(Decimal, (row["ListCost"] for row in rows))) == Decimal("503.05212674593478")
