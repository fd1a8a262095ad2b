"""Files in the portal's own format: what goes in, what is refused by line and why."""

from __future__ import annotations

import gzip
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account
from catalog.models import ListPrice, PriceTier, UnitConversion
from customers.models import Association, PartnerDiscount
from metering.models import Charge, DailySpend, Intake, MonthlySpend, RejectedLine, UsageRecord
from metering.services import cycles
from partner_center import clock
from resources.models import CloudResource, FrozenInterval

from ..cast import Cast
from ..goods import LONG_AGO, Goods, stock
from .usage import ingest, record, take, write_csv, write_json


@pytest.fixture
def goods(cast: Cast) -> Goods:
    return stock()


@pytest.mark.requirement("05-BFD-02")
def test_an_hour_of_a_host_becomes_a_charge_a_resource_and_roll_ups(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    Association.objects.filter(customer=cast.harborline).update(associated_at=LONG_AGO)
    frozen = FrozenInterval.objects.create(
        account=cast.harborline, began_at=clock.BillingCycle(2026, 11).start
    )
    figures = ingest(write_csv(tmp_path / "u.csv", [record(cast.harborline, 1)]), "--format=native")
    assert figures | {"intake": 0} == {
        "accepted": 1,
        "duplicate": 0,
        "rejected": 0,
        "list_cost": "0.1",
        "intake": 0,
    }
    charge = Charge.objects.get()
    assert (charge.cycle, str(charge.spent_on)) == ("2026-10", "2026-10-01")
    assert (charge.usage, charge.pricing_total, charge.unit_price) == (3600, 1, Decimal("0.1"))
    assert (charge.usage_unit_id, charge.pricing_unit_id, charge.conversion_factor) == (6, 4, 3600)
    assert (charge.partner_id, charge.model, charge.mode) == (
        cast.tidemark.pk,
        "reseller",
        "usage",
    )
    assert (charge.package_usage, charge.reserved_usage, charge.discount_amount) == (0, 0, 0)
    resource = CloudResource.objects.get(resource_id="i-1")
    assert (resource.account_id, resource.name, resource.is_discovered) == (
        cast.harborline.pk,
        "web-1",
        True,
    )
    assert (resource.spec_text, resource.frozen_at) == ("1", frozen.began_at), "it came late"
    for spend in (DailySpend.objects.get(), MonthlySpend.objects.get()):
        assert (spend.list_amount, spend.charges) == (Decimal("0.1"), 1)


#: Change of the good record → code of the refusal.
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"customer_id": "0" * 32}, "unknown_customer"),
    ({"product_id": "no-such"}, "unknown_product"),
    ({"region": "moon-1"}, "unknown_region"),
    ({"unit": "furlong"}, "unknown_unit"),
    ({"unit": "GB"}, "unknown_unit"),
    ({"product_id": "host-term"}, "not_metered"),
    ({"product_id": "disk-usage"}, "no_size"),
    ({"size": "10"}, "takes_no_size"),
    ({"start": "2019-10-01T08:00:00Z", "end": "2019-10-01T09:00:00Z"}, "no_list_price"),
    ({"start": "2090-10-01T08:00:00Z", "end": "2090-10-01T09:00:00Z"}, "future"),
    ({"start": "2026-09-10T08:00:00Z", "end": "2026-09-10T09:00:00Z"}, "frozen"),
    ({"start": "2026-10-01T10:00:00+08:00"}, "end_before_start"),
    ({"start": "yesterday"}, "bad_time"),
    ({"start": "2026-10-01T08:00:00"}, "bad_time"),
    ({"start": ""}, "missing"),
    ({"usage": "many"}, "bad_number"),
    ({"usage": "NaN"}, "bad_number"),
    ({"usage": ""}, "missing"),
    ({"usage": "0.0000000000000001"}, "too_precise"),
    ({"usage": "1e15"}, "too_large"),
    ({"size": "-1"}, "bad_number"),
    ({"kind": "purchase"}, "unknown_kind"),
    ({"list_cost": "5"}, "priced"),
    ({"resource_id": "x" * 513}, "too_long"),
    ({"resource_name": "nul\0"}, "bad_text"),
    ({"record_id": ""}, "missing"),
]


@pytest.mark.requirement("05-BFD-02")
def test_bad_lines_are_rejected_with_their_reason_and_good_ones_go_in(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    FrozenInterval.objects.create(
        account=cast.harborline,
        began_at=clock.BillingCycle(2026, 9).start,
        ended_at=clock.BillingCycle(2026, 10).start,
    )
    rows = [record(cast.harborline, n) | change for n, (change, _code) in enumerate(WRONG)]
    rows += [record(cast.harborline, "good"), record(cast.harborline, "good", usage="7200")]
    intake = take(write_csv(tmp_path / "u.csv", rows), size=7)
    found = list(RejectedLine.objects.order_by("line").values_list("line", "code"))
    expected = [(n + 1, code) for n, (_change, code) in enumerate(WRONG)]
    assert found == [*expected, (len(WRONG) + 2, "other_content")]
    assert (intake.accepted, intake.duplicates) == (1, 0)
    assert intake.rejected == len(WRONG) + 1
    assert Charge.objects.count() == UsageRecord.objects.count() == 1
    kept = RejectedLine.objects.get(line=1)
    assert "0" * 32 in kept.content
    assert kept.reason == "No customer has this ID."


def test_csv_and_json_say_the_same_and_packing_changes_nothing(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    rows = [record(cast.harborline, n, usage=f"{n * 100}") for n in range(1, 6)]
    first = take(write_csv(tmp_path / "u.csv", rows))
    other = [row | {"usage": float(row["usage"]), "start": "2026-10-01T00:00:00Z"} for row in rows]
    second = take(write_json(tmp_path / "u.jsonl", other))
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress((tmp_path / "u.csv").read_bytes()))
    third = take(packed)
    assert first.accepted == second.duplicates == third.duplicates == 5
    assert Charge.objects.count() == 5


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"record_id,usage\n", "lacks these columns"),
        (b"record_id,customer_id,product_id,start,end,colour\n", "unknown columns: colour"),
    ],
)
def test_a_file_of_another_format_is_refused_as_a_whole(
    cast: Cast, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "u.csv"
    path.write_bytes(content)
    with pytest.raises(Exception, match=sentence):
        take(path)
    assert not Intake.objects.exists()


def test_a_cut_off_file_keeps_what_was_read_and_goes_on_when_it_is_whole(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    rows = [record(cast.harborline, n, resource_name=f"{n * 7919:x}" * 20) for n in range(2000)]
    whole = gzip.compress(write_csv(tmp_path / "u.csv", rows).read_bytes(), 1)
    path = tmp_path / "u.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Exception, match="damaged"):
        take(path, size=100)
    intake = Intake.objects.get()
    assert intake.state == "interrupted"
    assert 0 < intake.accepted < 2000
    path.write_bytes(whole)
    again = take(path, size=100)
    assert again.accepted + again.duplicates == 2000
    assert Charge.objects.count() == 2000


def test_units_are_converted_and_quantities_truncated(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    UnitConversion.objects.create(unit_id=10, reference_id=13, ratio=1024**3)
    rows = [
        record(cast.harborline, 1, product_id="traffic", usage="1", unit="Byte"),
        record(cast.harborline, 2, product_id="traffic", usage="2.5", unit="10"),
        record(cast.harborline, 3, product_id="traffic", usage="-1", unit="GB"),
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    charges = list(Charge.objects.order_by("record_id"))
    assert [c.pricing_total for c in charges] == [Decimal("9E-10"), Decimal("2.5"), -1]
    assert [c.list_amount for c in charges] == [
        Decimal("1.08E-10"),
        Decimal("0.3"),
        Decimal("-0.12"),
    ]
    assert charges[1].usage == Decimal("2.5") * 1024**3


def test_credits_and_adjustments_bring_their_amount(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    rows = [
        record(cast.harborline, 1, kind="credit", usage="", list_cost="-3.5"),
        record(cast.harborline, 2, kind="adjustment", usage="-1800"),
    ]
    assert take(write_csv(tmp_path / "u.csv", rows)).list_cost == Decimal("-3.55")
    assert set(Charge.objects.values_list("bill_type", flat=True)) == {"adjustment"}


@pytest.mark.requirement("05-BIL-16")
def test_whose_spend_it_is_when_consumption_began(cast: Cast, goods: Goods, tmp_path: Path) -> None:
    """Decided by the association of that moment, its model and its discount of that moment."""
    october = clock.BillingCycle(2026, 10).start
    association = Association.objects.get(customer=cast.harborline)
    middle = october.replace(day=15, month=10)
    Association.objects.filter(pk=association.pk).update(
        associated_at=october, ended_at=middle, model="referral"
    )
    Association.objects.create(
        account=cast.northgate, customer=cast.harborline, associated_at=middle
    )
    PartnerDiscount.objects.create(
        account=cast.tidemark,
        association=association,
        percent=20,
        starts_on="2026-10-02",
        ends_on="2026-10-03",
        set_by=cast.mara,
        set_at=october,
    )
    days = {1: (None, "", 0), 2: (cast.tidemark.pk, "referral", 0)}
    days |= {3: (cast.tidemark.pk, "referral", 20), 5: (cast.tidemark.pk, "referral", 0)}
    days |= {20: (cast.northgate.pk, "reseller", 0)}
    starts = {1: "2026-09-30T23:00:00+08:00", 2: "2026-10-01T00:00:00+08:00"}
    starts |= {n: f"2026-10-{n:02d}T08:00:00+08:00" for n in (3, 5, 20)}
    rows = [
        record(cast.harborline, n, start=start, end=start.replace(":00:00+", ":30:00+"))
        for n, start in starts.items()
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    found = {
        int(c.record.key[1:]): (c.partner_id, c.model, c.discount_percent)
        for c in Charge.objects.select_related("record")
    }
    assert found == days
    discounted = Charge.objects.get(discount_percent=20)
    assert discounted.discount_amount == Decimal("0.02")


@pytest.mark.requirement("05-BFD-02")
def test_late_records_are_adjustments_of_the_first_open_cycle(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    moment = clock.now()
    cycles.close("2026-09", moment)
    cycles.close("2026-09", moment)
    with pytest.raises(Exception, match="not over yet"):
        cycles.close(str(clock.BillingCycle.of(moment)), moment)
    rows = [
        # Its last moment decides: 00:00 on 1 October still is September's.
        record(
            cast.harborline, 1, start="2026-09-30T23:00:00+08:00", end="2026-10-01T00:00:00+08:00"
        ),
        record(
            cast.harborline, 2, start="2026-09-30T23:30:00+08:00", end="2026-10-01T00:30:00+08:00"
        ),
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    found = Charge.objects.order_by("record_id").values_list("cycle", "origin_cycle", "bill_type")
    assert list(found) == [("2026-10", "2026-09", "adjustment"), ("2026-10", "", "expenditure")]
    assert str(Charge.objects.get(origin_cycle="2026-09").spent_on) == "2026-10-31"


def test_a_price_of_the_region_goes_first_and_prices_count_from_their_moment(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    noon = clock.BillingCycle(2026, 10).start + timedelta(hours=12)
    ListPrice.objects.create(product=goods.host_by_use, unit_price=Decimal("0.3"), valid_from=noon)
    ListPrice.objects.create(
        product=goods.host_by_use, region=goods.other_region, unit_price=1, valid_from=LONG_AGO
    )
    rows = [
        record(cast.harborline, "early"),
        record(cast.harborline, "late", start="2026-10-01T04:00:00Z", end="2026-10-01T05:00:00Z"),
        record(cast.harborline, "regional", region="ap-southeast-1"),
        record(cast.harborline, "nowhere", region=""),
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    found = {c.record.key[1:]: c.unit_price for c in Charge.objects.select_related("record")}
    assert found == {
        "early": Decimal("0.1"),
        "late": Decimal("0.3"),
        "regional": 1,
        "nowhere": Decimal("0.1"),
    }


def test_the_end_of_a_chunk_changes_nothing_for_tiers(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    price = ListPrice.objects.get(product=goods.traffic)
    for above, unit_price in ((0, "0.12"), (10, "0.10"), (50, "0.08")):
        PriceTier.objects.create(price=price, above=above, unit_price=Decimal(unit_price))
    gigabyte = 1024**3
    rows = [
        record(cast.harborline, n, product_id="traffic", usage=usage * gigabyte)
        for n, usage in enumerate([4, 8, 30, 20, -15, 3])
    ]
    take(write_csv(tmp_path / "u.csv", rows), size=2)
    amounts = list(Charge.objects.order_by("record_id").values_list("list_amount", "unit_price"))
    assert amounts == [
        (Decimal("0.48"), Decimal("0.12")),
        (Decimal("0.92"), None),
        (Decimal("3.0"), Decimal("0.10")),
        (Decimal("1.76"), None),
        (Decimal("-1.26"), None),
        (Decimal("0.3"), Decimal("0.10")),
    ]


def test_an_account_that_is_no_customer_uses_nothing(
    cast: Cast, goods: Goods, tmp_path: Path
) -> None:
    partner: Account = cast.tidemark
    assert take(write_csv(tmp_path / "u.csv", [record(partner, 1)])).rejected == 1
