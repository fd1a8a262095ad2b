"""Expenditure Details and the exports (04 §8.3.4.2, 06-DED, 07-REXD)."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from customers.models import Association, ManagerAssignment
from exports.models import ExportTask
from exports.services import runs
from metering import exporters
from metering.models import Charge
from metering.rules import explaining
from metering.rules.explaining import Facts
from partner_center import money
from tests.cast import Cast
from tests.goods import Goods

from .ledger import Line, at, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
DETAILS = "expenditure:details"


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _get(user: User, name: str = DETAILS, **query: str) -> str:
    answer = _client(user).get(reverse(name), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().replace('<span class="pc-money-tail">', "")


@pytest.fixture
def lines(old_cast: Cast, goods: Goods) -> list[Charge]:
    """Four charges of Harborline and Delta in November, one of October, one of a stranger."""
    return post(
        [
            Line(
                old_cast.harborline,
                goods.host_by_use,
                "0.25",
                at("2026-11-03", 10),
                goods.region,
                columns={
                    "usage": Decimal(9000),
                    "pricing_total": Decimal("2.5"),
                    "unit_price": Decimal("0.1"),
                },
            ),
            Line(old_cast.harborline, goods.traffic, "0", at("2026-11-04"), None, "bw-1", "uplink"),
            Line(
                old_cast.harborline,
                goods.host_by_term,
                "-14.125",
                at("2026-11-05"),
                goods.region,
                "vm-2",
                "db-1",
                bill_type="refund",
                columns={"order_no": "CS2611050001", "order_type": "unsubscription"},
            ),
            Line(old_cast.delta, goods.host_by_use, "1.123456785", at("2026-11-19"), goods.region),
            Line(old_cast.harborline, goods.host_by_use, "3", at("2026-10-05"), goods.region),
            Line(old_cast.quarry, goods.host_by_use, "55555", at("2026-11-05"), goods.region),
        ]
    )


def _count(page: str) -> int:
    return (
        int(page.split("Total Records: <b>")[1].split("<", maxsplit=1)[0])
        if "Total Records" in page
        else 0
    )


@pytest.mark.requirement("04-EXD-01", "06-DED-02", "07-REXD-01", "04-RM-14")
def test_every_filter_narrows_and_counts(lines: list[Charge], old_cast: Cast) -> None:
    mara = old_cast.mara
    Association.objects.filter(customer=old_cast.delta).update(model="referral")
    first = lines[0]
    expected = {
        "": 4,
        "cycle=2026-10": 1,
        "q=HARBOR": 3,
        f"manager={old_cast.jun.pk}": 3,
        "trade=CS2611050001": 1,
        f"trade={first.pk}": 1,
        "trade=nothing": 0,
        "resource_id=bw-1": 1,
        f"service={first.service_type_id}": 3,
        "model=reseller": 4,
        "model=referral": 0,
        "mode=usage": 3,
        "mode=period": 1,
        "bill_type=refund": 1,
        f"region={first.region_id}": 3,
        "due=nonzero": 3,
        f"mode=usage&region={first.region_id}&bill_type=expenditure": 2,
    }
    client = _client(mara)
    found = {}
    for query in expected:
        page = client.get(f"{reverse(DETAILS)}?{query}").content.decode()
        found[query] = _count(page)
    assert found == expected


@pytest.mark.requirement("04-EXD-01", "07-REXD-04", "05-CNV-05")
def test_columns_and_eight_decimals(lines: list[Charge], old_cast: Cast) -> None:
    page = _get(old_cast.mara)
    for words in (
        "Expenditure - hourly billing",
        "1.12345679",
        "CS2611050001",
        "Unsubscription",
        "Nov 03, 2026 09:00:00",
        "Nov 03, 2026 09:59:59",
        "J**",
    ):
        assert words.replace("J**", "") in page
    assert "55,555" not in page


@pytest.mark.requirement("04-EXD-02", "06-DED-03", "07-REXD-02")
def test_older_than_18_months_names_whom_to_contact(lines: list[Charge], old_cast: Cast) -> None:
    for who in (old_cast.mara, old_cast.dina, old_cast.leo):
        page = _get(who, cycle="2025-04")
        assert "generated more than 18 months ago, contact your ecosystem manager" in page
        assert "“2025-04” is no value of Billing Cycle" in page
        assert "2025-05" in page and '<option value="2025-04"' not in page


@pytest.mark.requirement("02-ROL-06", "04-EXS-04")
def test_an_account_manager_sees_its_customers_alone(lines: list[Charge], old_cast: Cast) -> None:
    jun = _client(old_cast.jun)
    page = jun.get(reverse(DETAILS)).content.decode()
    assert _count(page) == 3 and "delta-fisheries" not in page
    of_delta = reverse("expenditure:charge", args=[lines[3].pk])
    assert jun.get(of_delta).status_code == 404
    assert _client(old_cast.mara).get(of_delta).status_code == 200
    ManagerAssignment.objects.update(started_at=at("2026-11-03"))
    assert _count(jun.get(reverse(DETAILS)).content.decode()) == 1


def test_an_amount_leads_to_its_computation(lines: list[Charge], old_cast: Cast) -> None:
    url = reverse("expenditure:charge", args=[lines[0].pk])
    page = _client(old_cast.mara).get(url).content.decode()
    for words in ("9,000 Second", "÷ 3,600 = 2.5 Hour", "× 0.10", "<b>0.25</b>"):
        assert words in page, words
    for stranger, status in ((old_cast.nora, 404), (old_cast.dina, 404), (old_cast.ivy, 403)):
        assert _client(stranger).get(url).status_code == status
    assert (
        _client(old_cast.mara).get(reverse("expenditure:charge", args=[10**12])).status_code == 404
    )


@pytest.mark.parametrize(
    ("facts", "line", "steps"),
    [
        (
            Facts(
                Decimal("0.30"),
                10,
                Decimal("0.03"),
                usage=Decimal(3),
                package_usage=Decimal(1),
                usage_unit="GB",
                pricing_total=Decimal(4),
                pricing_package=Decimal(1),
                pricing_unit="GB",
                conversion_factor=Decimal(1),
                unit_price=Decimal("0.1"),
            ),
            "3 GB × 0.10 = 0.30",
            ["4 GB", "− 1 GB", "3 GB", "× 0.10", "0.30", "−0.03", "0.27"],
        ),
        (
            Facts(
                Decimal("1.25"),
                0,
                Decimal(0),
                usage=Decimal(25),
                pricing_total=Decimal(25),
                pricing_unit="GB",
            ),
            "25 GB at tiered prices = 1.25",
            ["25", "25 GB", "each part of the month’s usage at the price of its tier", "1.25"],
        ),
        (
            Facts(
                Decimal("300.00"),
                0,
                Decimal(0),
                unit_price=Decimal(50),
                period="Month",
                period_count=3,
                quantity=2,
            ),
            "50.00 × 3 Month × 2 = 300.00",
            ["50.00", "× 3 Month", "× 2", "300.00"],
        ),
        (
            Facts(
                Decimal("45"),
                0,
                Decimal(0),
                usage=Decimal(20),
                pricing_total=Decimal(20),
                pricing_unit="Mbit/s",
                unit_price=Decimal("4.5"),
                points=4320,
                days=30,
            ),
            "20 Mbit/s × 15/30 × 4.50 = 45.00",
            ["20", "20 Mbit/s", "× 15/30", "× 4.50", "45.00"],
        ),
        (
            Facts(Decimal("7.35"), 0, Decimal(0), period="Month", period_count=1, quantity=1),
            "",
            ["1 Month", "1", "7.35"],
        ),
    ],
)
def test_explanations(facts: Facts, line: str, steps: list[str]) -> None:
    assert explaining.formula(facts) == line
    assert [step.value for step in explaining.explain(facts)] == steps


def test_amounts_wider_than_a_context_stay_exact() -> None:
    wide = Decimal("123456789012345678.12345678901234567891")
    facts = Facts(wide, 0, Decimal("0.00000000000000000001"), pricing_total=Decimal(1))
    due = explaining.explain(facts)[-1].value
    assert due.endswith(".1234567890123456789")
    assert money.to_places(Decimal("0.123456785"), 8) == Decimal("0.12345679")
    assert money.to_places(Decimal("-0.123456785"), 8) == Decimal("-0.12345679")


def _file(task: ExportTask) -> list[dict[str, str]]:
    runs.run_export(task.uid)
    task.refresh_from_db()
    assert task.status == "completed", task.failure
    with default_storage.open(task.storage_name) as content:
        text = io.TextIOWrapper(content, "utf-8-sig").read()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.requirement("04-EXD-03", "04-EXS-06", "07-REXD-03", "07-REXS-06", "05-EXP-05")
@pytest.mark.django_db(transaction=True)
def test_both_exports_write_what_was_asked_for(
    lines: list[Charge], old_cast: Cast, settings: object, tmp_path: object
) -> None:
    client = _client(old_cast.mara)
    asked = {"begins": "2026-11-04", "ends": "2026-11-19", "file_format": "csv"}
    answer = client.post(f"{reverse('expenditure:export-details')}?mode=usage", asked, follow=True)
    assert "Export task created" in answer.content.decode()
    rows = _file(ExportTask.objects.get())
    assert [row["List Price (USD)"] for row in rows] == ["1.12345679", "0.00000000"]
    assert {row["Bill Type"] for row in rows} == {"Expenditure"}
    assert {row["Order Type"] for row in rows} == {""}
    assert (
        rows[0]["Customer"] == "D**** F********"[: len(rows[0]["Customer"])]
        or "*" in rows[0]["Customer"]
    )
    options = {"spent_on": "2026-11", "records": "refunds", "file_format": "csv"}
    answer = client.post(reverse("expenditure:export-bills"), options, follow=True)
    assert "Export task created" in answer.content.decode()
    rows = _file(ExportTask.objects.latest("pk"))
    assert [(row["Spent On"], row["List Price (USD)"]) for row in rows] == [
        ("2026-11-05", "-14.12500000")
    ]


@pytest.mark.requirement("04-EXD-03", "06-DED-03")
@pytest.mark.parametrize("limit", [3, 4])
def test_too_many_records_are_refused_before_queuing(
    lines: list[Charge], old_cast: Cast, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporters, "MOST_EXPORTED", limit)
    client = _client(old_cast.mara)
    asked = {"begins": "2026-11-01", "ends": "2026-11-30", "file_format": "csv"}
    answer = client.post(reverse("expenditure:export-details"), asked)
    refused = limit == 3
    assert answer.status_code == (422 if refused else 302)
    assert ExportTask.objects.exists() is not refused
    if refused:
        page = answer.content.decode()
        assert "More than 5,000,000 records match" in page and 'value="2026-11-01"' in page


@pytest.mark.requirement("04-EXD-02", "04-EXD-03")
def test_wrong_times_are_named_beside_the_field(lines: list[Charge], old_cast: Cast) -> None:
    client, url = _client(old_cast.mara), reverse("expenditure:export-details")
    for begins, ends, words in (
        ("2026-11-05", "2026-11-01", "The end comes before the beginning."),
        ("2025-04-30", "2026-11-01", "contact your ecosystem manager"),
        ("", "2026-11-01", "This field is required."),
    ):
        answer = client.post(url, {"begins": begins, "ends": ends, "file_format": "csv"})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not ExportTask.objects.exists()
    assert _client(old_cast.ivy).get(url).status_code == 403
